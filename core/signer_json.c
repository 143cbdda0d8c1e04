/* signer_json: see signer_json.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/signer_json.h"

#include <string.h>

void signer_put_certificate(json_t *object, const struct signer_certificate *c)
{
    json_object_set_new(object, "name", json_string(c->name));
    json_object_set_new(object, "issuer", json_string(c->issuer));
    json_object_set_new(object, "serial", json_string(c->serial));
    json_object_set_new(object, "sha256", json_string(c->sha256));
    json_object_set_new(object, "from", json_integer(c->from));
    json_object_set_new(object, "until", json_integer(c->until));
}

void signer_put_device(json_t *object, const struct signer_device *device)
{
    json_object_set_new(object, "device", json_string(device->label));
    json_object_set_new(object, "device_serial", json_string(device->serial));
    json_object_set_new(object, "asks_pin", json_boolean(device->asks_pin));
    json_object_set_new(object, "last_try", json_boolean(device->last_try));
    json_object_set_new(object, "forwarded", json_boolean(device->forwarded));
    json_object_set_new(object, "at_home", json_boolean(device->at_home));
}

bool signer_read_text(const json_t *object, const char *member, char *out, size_t size)
{
    const char *text = json_string_value(json_object_get(object, member));

    if (!text || strlen(text) >= size)
        return false;
    memcpy(out, text, strlen(text) + 1);
    return true;
}

bool signer_read_certificate(const json_t *object, struct signer_certificate *c)
{
    const json_t *from = json_object_get(object, "from"), *until = json_object_get(object, "until");

    c->from = json_integer_value(from);
    c->until = json_integer_value(until);
    return json_is_integer(from) && json_is_integer(until) &&
           signer_read_text(object, "name", c->name, sizeof c->name) &&
           signer_read_text(object, "issuer", c->issuer, sizeof c->issuer) &&
           signer_read_text(object, "serial", c->serial, sizeof c->serial) &&
           signer_read_text(object, "sha256", c->sha256, sizeof c->sha256);
}

bool signer_read_device(const json_t *object, struct signer_device *device)
{
    const json_t *asks = json_object_get(object, "asks_pin"), *last = json_object_get(object, "last_try"),
                 *forwarded = json_object_get(object, "forwarded"),
                 *at_home = json_object_get(object, "at_home");

    device->asks_pin = json_is_true(asks);
    device->last_try = json_is_true(last);
    device->forwarded = json_is_true(forwarded);
    device->at_home = json_is_true(at_home);
    return json_is_boolean(asks) && json_is_boolean(last) && json_is_boolean(forwarded) &&
           json_is_boolean(at_home) && signer_read_text(object, "device", device->label, sizeof device->label) &&
           signer_read_text(object, "device_serial", device->serial, sizeof device->serial);
}
