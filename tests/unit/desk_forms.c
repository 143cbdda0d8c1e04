/* desk_forms: see desk_forms.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/desk_forms.h"

#include "core/instant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char dossier[] =
    "{'id': 'd-14', 'version': 2, 'code': '000.25.33.H06-221229-0014', 'procedure': '1.001193', 'channel': 'counter', 'unit': 'H06.33.26', "
    "'status': 'received', 'step': 'intake', 'submitted_at': '2022-12-29T10:20:00+07:00', "
    "'received_at': '2022-12-29T10:20:00+07:00', 'due_at': '2022-12-30T10:20:00+07:00', 'actions': [], "
    "'applicant': {'kind': 'person', 'name': 'Phạm Thị Diễm Hương', 'id_number': '000195007731', 'sex': 'female', "
    "'address': 'Tổ 7, ấp Vạn Bình, xã Kim Long', 'phone': '0106110611'}, 'papers': ["
    "{'id': 'p1', 'name': 'Tờ khai đăng ký khai sinh', 'state': 'handed_in', 'originals': 1}, "
    "{'id': 'p2', 'name': 'Giấy chứng sinh', 'state': 'handed_in', 'originals': 1}, "
    "{'id': 'p3', 'name': 'Giấy chứng nhận kết hôn', 'state': 'missing'}, "
    "{'id': 'p4', 'name': 'Văn bản ủy quyền', 'state': 'handed_in', 'originals': 1, 'photocopies': 2}]}";

static const char procedure[] =
    "{'id': '1.001193', 'code': '1.001193', 'name': 'Đăng ký khai sinh', 'field': 'Hộ tịch', 'level': 'commune', "
    "'processing': 'own', 'service_level': 'full', 'effective_from': '2022-07-01', 'active': true, 'units': [], "
    "'time_limit': {'amount': 1, 'unit': 'working_days'}, 'papers': [], 'form': [], 'steps': [], 'legal_basis': [], "
    "'fees': [{'name': 'Lệ phí', 'amount': 0, 'per': 'dossier'}]}";

static const struct unit town = {.id = "H06.33.26", .name = "Thị trấn Ngãi Giao", .level = "commune"};
static const struct officer mai = {.id = "mai", .name = "Trần Thị Mai", .email = "mai@ngaigiao.example"};

static json_t *json_of(const char *text)
{
    char *quoted = strdup(text);

    for (char *c = quoted; *c; c++)
        if (*c == '\'')
            *c = '"';
    json_t *json = json_loads(quoted, JSON_DECODE_ANY, NULL);
    assert_non_null(json);
    free(quoted);
    return json;
}

static const char *name_of(void *context, const char *officer)
{
    return strcmp(officer, "mai") == 0 ? "Trần Thị Mai" : officer;
}

int forms_open(void **state)
{
    struct forms *f = calloc(1, sizeof *f);
    struct procedure *p = arena_alloc(&f->arena, sizeof *p);
    struct err e = {0};
    json_t *book = json_of(procedure);

    if (!codec_decode(&shape_procedure, book, &f->arena, p, &e))
        fail_at(HERE, "%s", e.text);
    json_decref(book);
    f->dir = home_new();
    f->json = json_of(dossier);
    f->ask = (struct handout_ask){
        .procedure = p, .unit = &town, .officer = &mai, .name_of = name_of, .offset = 7 * 3600, .training = true};
    assert_true(instant_parse("2022-12-29T10:24:00+07:00", &f->ask.now));
    *state = f;
    return 0;
}

int forms_close(void **state)
{
    struct forms *f = *state;

    json_decref(f->json);
    free(f->pdf);
    free(f->text);
    home_free(&f->dir);
    arena_clear(&f->arena);
    free(f);
    return 0;
}

void forms_set(struct forms *f, const char *member, const char *json)
{
    json_object_set_new(f->json, member, json_of(json));
}

void forms_event(struct forms *f, const char *action, const char *by, const char *note)
{
    struct event *events = arena_alloc(&f->arena, (f->ask.n_events + 1) * sizeof *events);

    if (f->ask.n_events)
        memcpy(events, f->ask.events, f->ask.n_events * sizeof *events);
    events[f->ask.n_events] = (struct event){.seq = (int64_t)f->ask.n_events + 1,
                                             .at = f->ask.now - 3600 + 60 * (int64_t)f->ask.n_events,
                                             .acted_at = INSTANT_NONE,
                                             .action = action,
                                             .by = by,
                                             .note = note};
    f->ask.events = events;
    f->ask.n_events++;
}

/* Every run of blanks and line breaks is one blank. */
static char *flat(char *text)
{
    char *to = text;

    for (char *from = text; *from; from++) {
        char c = strchr(" \n\f\t", *from) ? ' ' : *from;
        if (c != ' ' || (to > text && to[-1] != ' '))
            *to++ = c;
    }
    *to = '\0';
    return text;
}

void forms_print(struct forms *f, enum sheet_size size)
{
    struct buf pdf = {0};
    struct handout read;
    struct err e = {0};
    struct run run;
    json_t *line = handout_write(&f->handout);
    bool ok = handout_read(line, &f->arena, &read, &e) && sheet_make(&read, size, &pdf, &e);

    json_decref(line);
    if (!ok)
        fail_at(HERE, "%s", e.text);
    free(f->pdf);
    free(f->text);
    f->pdf = text_new("%s/form.pdf", f->dir);
    FILE *file = fopen(f->pdf, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(pdf.data, 1, pdf.len, file), pdf.len);
    assert_int_equal(fclose(file), 0);
    buf_clear(&pdf);
    run_program(&run, (const char *const[]){"/usr/bin/pdftotext", "-raw", f->pdf, "-", NULL}, NULL, NULL, NULL);
    assert_int_equal(run.status, 0);
    f->pages = 0;
    for (const char *c = run.out; *c; c++)
        f->pages += *c == '\f';
    f->text = flat(strdup(run.out));
    run_clear(&run);
}

void forms_make(struct forms *f, enum handout_kind kind, enum sheet_size size)
{
    struct dossier *d = arena_alloc(&f->arena, sizeof *d);
    struct err e = {0};

    if (!codec_decode(&shape_dossier, f->json, &f->arena, d, &e))
        fail_at(HERE, "%s", e.text);
    f->ask.dossier = d;
    assert_true(handout_fits(kind, d, instant_day(f->ask.now, f->ask.offset)));
    handout_make(&f->ask, kind, &f->arena, &f->handout);
    forms_print(f, size);
}

void forms_say_at(struct forms *f, const char *words, struct at at)
{
    if (!strstr(f->text, words))
        fail_at(at, "“%s” does not stand in “%s”", words, f->text);
}

char *forms_codes(struct forms *f)
{
    char *stem = text_new("%s/page", f->dir), *picture = text_new("%s.png", stem);
    struct run run;

    run_program(&run,
                (const char *const[]){"/usr/bin/pdftoppm", "-r", "300", "-png", "-singlefile", f->pdf, stem, NULL},
                NULL, NULL, NULL);
    assert_int_equal(run.status, 0);
    run_clear(&run);
    run_program(&run, (const char *const[]){"/usr/bin/zbarimg", "-q", picture, NULL}, NULL, NULL, NULL);
    char *codes = strdup(run.out);
    run_clear(&run);
    free(stem);
    free(picture);
    return codes;
}
