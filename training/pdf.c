/* pdf: the bytes that a scenario's file stands for: so many empty A4 pages that bear its name and say that it is void. The same name
 * and number of pages give the same bytes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/loader.h"

#include "core/text.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

#define PAGES_MAX 50

/* The standard fonts of PDF have no Vietnamese letters: the name is folded. */
static void show_line(struct buf *out, int y, const char *line)
{
    struct buf folded = {0};

    text_fold(line, strlen(line), &folded);
    buf_format(out, "BT /F 14 Tf 72 %d Td (", y);
    for (size_t i = 0; i < folded.len; i++) {
        unsigned char c = (unsigned char)folded.data[i];
        if (strchr("()\\", c))
            buf_char(out, '\\');
        buf_char(out, c >= 0x20 && c < 0x7f ? (char)c : '?');
    }
    buf_text(out, ") Tj ET\n");
    buf_clear(&folded);
}

static void object(struct buf *out, size_t *offsets, int number)
{
    offsets[number] = out->len;
    buf_format(out, "%d 0 obj\n", number);
}

static void write_pages(struct buf *out, size_t *offsets, const char *name, int pages)
{
    for (int i = 0; i < pages; i++) {
        struct buf content = {0};
        char number[32];
        snprintf(number, sizeof number, "trang %d / %d", i + 1, pages);
        show_line(&content, 760, name);
        show_line(&content, 736, number);
        show_line(&content, 712, "BAN TAP HUAN - KHONG CO GIA TRI SU DUNG");
        object(out, offsets, 4 + 2 * i);
        buf_format(out,
                   "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>\nendobj\n",
                   5 + 2 * i);
        object(out, offsets, 5 + 2 * i);
        buf_format(out, "<</Length %zu>>\nstream\n%sendstream\nendobj\n", content.len, content.data);
        buf_clear(&content);
    }
}

static void write_pdf(struct buf *out, const char *name, int pages)
{
    size_t offsets[4 + 2 * PAGES_MAX] = {0};
    int count = 4 + 2 * pages;

    buf_text(out, "%PDF-1.4\n");
    object(out, offsets, 1);
    buf_text(out, "<</Type/Catalog/Pages 2 0 R>>\nendobj\n");
    object(out, offsets, 2);
    buf_format(out, "<</Type/Pages/Count %d/Kids[", pages);
    for (int i = 0; i < pages; i++)
        buf_format(out, "%d 0 R ", 4 + 2 * i);
    buf_text(out, "]>>\nendobj\n");
    object(out, offsets, 3);
    buf_text(out, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\n");
    write_pages(out, offsets, name, pages);
    size_t table = out->len;
    buf_format(out, "xref\n0 %d\n0000000000 65535 f \n", count);
    for (int i = 1; i < count; i++)
        buf_format(out, "%010zu 00000 n \n", offsets[i]);
    buf_format(out, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", count, table);
}

static void digest_of(const struct buf *bytes, char hex[static 2 * SHA256_DIGEST_LENGTH + 1])
{
    unsigned char digest[SHA256_DIGEST_LENGTH];

    SHA256((const unsigned char *)bytes->data, bytes->len, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

/* How many pages it had is not kept: its size tells. */
bool load_bytes(const struct attachment *file, struct buf *out)
{
    char hex[2 * SHA256_DIGEST_LENGTH + 1];

    for (int pages = 1; pages <= PAGES_MAX; pages++) {
        struct buf bytes = {0};
        write_pdf(&bytes, file->name, pages);
        digest_of(&bytes, hex);
        if ((int64_t)bytes.len == file->size && strcmp(hex, file->sha256) == 0) {
            *out = bytes;
            return true;
        }
        buf_clear(&bytes);
    }
    return false;
}

struct attachment load_file(struct arena *arena, const char *id, const char *name, const char *role,
                            int64_t pages, const char *paper)
{
    struct buf bytes = {0};
    char *hex = arena_alloc(arena, 2 * SHA256_DIGEST_LENGTH + 1);

    write_pdf(&bytes, name, (int)(pages < 1 ? 1 : pages > PAGES_MAX ? PAGES_MAX : pages));
    digest_of(&bytes, hex);
    int64_t size = (int64_t)bytes.len;
    buf_clear(&bytes);
    return (struct attachment){.id = id,
                               .name = name,
                               .media_type = "application/pdf",
                               .size = size,
                               .sha256 = hex,
                               .paper = paper,
                               .role = role ? role : "scan",
                               .complete = true};
}
