/* A config file of anybody: read or complained about in one sentence that names file and line and drives no terminal; what was
 * read is what the program can use.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/shown.h"

#include "cli/config.h"

static void check_values(const struct config *config)
{
    const char *const paths[] = {config->trust.ca, config->trust.client_cert, config->trust.client_key,
                                 config->training_keys};

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        CHECK(!paths[i] || paths[i][0] == '/');
    CHECK(!config->trust.pin || strncmp(config->trust.pin, "sha256//", 8) == 0);
    CHECK(!config->server || config->server[0]);
    CHECK(!config->keymap || strcmp(config->keymap, "default") == 0 || strcmp(config->keymap, "vim") == 0 ||
          strcmp(config->keymap, "fkeys") == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct config config = {0};
    struct err e = {0};
    bool ok = config_read(&config, "file", (const char *)bytes, size, &e);

    CHECK(ok == (e.code == ERR_NONE));
    if (ok) {
        check_values(&config);
    } else {
        CHECK(e.code == ERR_CONFIG && strncmp(e.text, "file:", 5) == 0);
        check_shown(e.text);
    }
    config_clear(&config);
    return 0;
}
