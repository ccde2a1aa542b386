/* SPDX-License-Identifier: Apache-2.0 */
/* Records as N-Triples: labels, shared nodes, escapes, names of the caller's, full buffers. */
#include "check.h"

#include <string.h>

typedef struct place place;

struct place {
    uint32_t has; /* name 0, any 1, mode 2 */
    uint32_t id;
    uint32_t class_id;
    cns_langstr name;
    cns_term any;
    uint8_t mode;
    uint16_t near_count;
    const place *near[3];
    uint16_t far_count;
    cns_ref far[3];
};

enum {
    HAS_NAME = 1,
    HAS_ANY = 2,
    HAS_MODE = 4,
    PLACE = 1, /* ids */
    ROOM = 2,
    ON = 3,
    OFF = 4,
    TEXT = 10
};

static const char *const terms[] = {
    "<urn:x:Place>", "<urn:x:Room>", "<urn:x:on>",   "\"o\\\"f\rf\"@en", "<urn:x:name>",
    "<urn:x:any>",   "<urn:x:mode>", "<urn:x:near>", "<urn:x:far>",      "<urn:x:text>",
};
static const uint16_t modes[] = {ON, OFF};
static const uint16_t classes[] = {PLACE, ROOM};
static const cns_model model = {.terms = terms, .term_count = 10};

static const cns_value_layout values[] = {
    {{CNS_FORM_LANG, CNS_LANG_STRING, 0, 0, NULL}, sizeof(cns_langstr), 0, CNS_NO_RECORD, 0, 0},
    {{CNS_FORM_TERM, CNS_NONE, 0, 0, NULL}, sizeof(cns_term), 0, 0, 0, CNS_TYPED},
    {{CNS_FORM_ENUM, CNS_NONE, 1, 2, modes}, 1, 0, CNS_NO_RECORD, 0, CNS_NODE},
    {{CNS_FORM_RECORD, CNS_NODE, 0, 0, NULL}, sizeof(const place *), 0, 0, 0, 0},
    {{CNS_FORM_REF, CNS_NODE, 0, 0, NULL}, sizeof(cns_ref), 0, 0, 0, 0},
};
static const cns_field_layout fields[] = {
    {offsetof(place, name), 0, 5, 0, 1},
    {offsetof(place, any), 1, 6, 1, 1},
    {offsetof(place, mode), 2, 7, 2, 1},
    {offsetof(place, near), offsetof(place, near_count), 8, 3, 3},
    {offsetof(place, far), offsetof(place, far_count), 9, 4, 3},
};
static const cns_record_layout records[] = {
    {sizeof(place), offsetof(place, has), offsetof(place, id), offsetof(place, class_id), PLACE, 2,
     5, 1, classes, fields, NULL},
};
static const cns_layout layout = {&model, records, values, 1, 5, 1000, 0, NULL};
static const cns_denoter plain = {.layout = &layout};

#define TYPE " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "

/* Whether the record is written as this text. */
static bool
writes(const cns_denoter *how, const place *record, const char *wanted) {
    char text[2048];
    size_t length = 0;
    cns_status status = cns_denote_text(how, 0, record, text, sizeof text, &length);
    bool same = status == CNS_OK && length == strlen(wanted) && strcmp(text, wanted) == 0;
    if (!same) {
        printf("status %d\n%s\nwanted\n%s\n", (int)status, text, wanted);
    }
    return same;
}

static cns_status
status_of(const cns_denoter *how, uint16_t number, const void *record) {
    char text[8] = "unused";
    size_t length = 99;
    cns_status status = cns_denote_text(how, number, record, text, sizeof text, &length);
    CHECK(text[0] == '\0');
    CHECK(status == CNS_NO_SPACE || length == 0);
    return status;
}

static void
check_terms(void) {
    place made = {.has = HAS_NAME | HAS_ANY | HAS_MODE, .mode = 2};
    made.name.text = cns_str_of("a \"b\"\\\n\r\t\b\f\x01\x7f\xC3\xA9");
    made.name.language = cns_str_of("en-GB-1994");
    made.any.tag = CNS_DOUBLE;
    made.any.as.real = 21.5;
    CHECK(writes(
        &plain, &made,
        "_:b0" TYPE "<urn:x:Place> .\n"
        "_:b0 <urn:x:name> \"a \\\"b\\\"\\\\\\n\\r\\t\\b\\f\\u0001\\u007F\xC3\xA9\"@en-GB-1994 "
        ".\n"
        "_:b0 <urn:x:any> \"2.15E1\"^^<http://www.w3.org/2001/XMLSchema#double> .\n"
        "_:b0 <urn:x:mode> \"o\\\"f\\rf\"@en .\n"));
    made.has = HAS_ANY | HAS_MODE;
    made.mode = 3;
    made.any.tag = CNS_TAG_COUNT;
    CHECK(writes(&plain, &made,
                 "_:b0" TYPE "<urn:x:Place> .\n"
                 "_:b0 <urn:x:any> \"\"^^<urn:cns:invalid> .\n"
                 "_:b0 <urn:x:mode> <urn:cns:invalid> .\n"));
    made.has = HAS_ANY;
    made.any.tag = CNS_TYPED;
    made.any.as.typed.lexical = cns_str_of("x");
    made.any.as.typed.datatype = TEXT;
    CHECK(writes(&plain, &made,
                 "_:b0" TYPE "<urn:x:Place> .\n"
                 "_:b0 <urn:x:any> \"x\"^^<urn:x:text> .\n"));
}

/* A struct behind two IRIs and a pointer: each node is described once. */
static void
check_shared(void) {
    place inner = {.has = HAS_MODE, .mode = 1, .far_count = 1};
    place outer = {.class_id = ROOM, .id = 77, .near_count = 2, .far_count = 3};
    outer.near[0] = &inner;
    outer.near[1] = &inner;
    outer.far[0] = (cns_ref){11, 0, &inner};
    outer.far[1] = (cns_ref){12, ROOM, &inner};
    outer.far[2] = (cns_ref){11, 0, &inner};
    const char *wanted = "<urn:cns:id:77>" TYPE "<urn:x:Room> .\n"
                         "<urn:cns:id:77> <urn:x:near> _:b1 .\n"
                         "_:b1" TYPE "<urn:x:Place> .\n"
                         "_:b1 <urn:x:mode> <urn:x:on> .\n"
                         "_:b1 <urn:x:far> _:b3 .\n"
                         "<urn:cns:id:77> <urn:x:far> <urn:cns:id:11> .\n"
                         "<urn:cns:id:11>" TYPE "<urn:x:Place> .\n"
                         "<urn:cns:id:11> <urn:x:mode> <urn:x:on> .\n"
                         "<urn:cns:id:11> <urn:x:far> _:b3 .\n"
                         "<urn:cns:id:77> <urn:x:far> <urn:cns:id:12> .\n"
                         "<urn:cns:id:12>" TYPE "<urn:x:Room> .\n"
                         "<urn:cns:id:12>" TYPE "<urn:x:Place> .\n"
                         "<urn:cns:id:12> <urn:x:mode> <urn:x:on> .\n"
                         "<urn:cns:id:12> <urn:x:far> _:b3 .\n";
    CHECK(writes(&plain, &outer, wanted));
    inner.class_id = PLACE; /* is what 0 stands for */
    CHECK(writes(&plain, &outer, wanted));
}

static cns_str
name_of(void *names, uint32_t id) {
    CHECK(id > 10 || id == OFF);
    (*(int *)names)++;
    return id == 11 ? cns_str_of("http://host/a b>") : (cns_str){NULL, 0};
}

static void
check_names(void) {
    int asked = 0;
    const cns_denoter named = {&layout, name_of, &asked, "record7x"};
    place made = {.far_count = 3, .far = {{.id = 11}, {.id = OFF}, {.id = 0}}};
    CHECK(writes(&named, &made,
                 "_:record7x0" TYPE "<urn:x:Place> .\n"
                 "_:record7x0 <urn:x:far> <http://host/a\\u0020b\\u003E> .\n"
                 "_:record7x0 <urn:x:far> <urn:cns:id:4> .\n"
                 "_:record7x0 <urn:x:far> _:record7x3 .\n"));
    CHECK(asked == 2);
}

static void
check_bad_records(void) {
    static const cns_model silent = {.term_count = 10};
    static const cns_layout numbers = {&silent, records, values, 1, 5, 1000, 0, NULL};
    const cns_denoter no_texts = {.layout = &numbers};
    place made = {.has = HAS_NAME};
    CHECK(status_of(&plain, 1, &made) == CNS_BAD_ARGUMENT);
    CHECK(status_of(&plain, 0, NULL) == CNS_BAD_ARGUMENT);
    CHECK(status_of(&no_texts, 0, &made) == CNS_BAD_ARGUMENT);
    CHECK(cns_denote(&plain, 0, &made, NULL, NULL) == CNS_BAD_ARGUMENT);
    static const char *const tags[] = {"", "e n", "-", "en-", "1", "en--x", "\"@en", "e1", "en>"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        made.name.language = cns_str_of(tags[i]);
        CHECK(status_of(&plain, 0, &made) == CNS_BAD_RECORD);
    }
    made.has = 0;
    made.class_id = ON;
    CHECK(status_of(&plain, 0, &made) == CNS_BAD_RECORD);
    made.class_id = 0;
    made.near_count = 1;
    CHECK(status_of(&plain, 0, &made) == CNS_BAD_RECORD);
    made.near_count = 4;
    CHECK(status_of(&plain, 0, &made) == CNS_BAD_RECORD);
}

/* As many levels as there are frames, and one more. */
static void
check_depth(void) {
    static place chain[CNS_DENOTE_DEPTH + 1];
    static char text[CNS_DENOTE_DEPTH * 320];
    size_t length = 0;
    for (size_t i = 0; i < CNS_DENOTE_DEPTH; i++) {
        chain[i].near_count = 1;
        chain[i].near[0] = &chain[i + 1];
    }
    const cns_layout shallow = {&model, records, values, 1, 5, 2, 0, NULL};
    const cns_denoter two_levels = {.layout = &shallow};
    CHECK(status_of(&two_levels, 0, &chain[CNS_DENOTE_DEPTH - 2]) == CNS_BAD_RECORD);
    CHECK(cns_denote_text(&two_levels, 0, &chain[CNS_DENOTE_DEPTH - 1], text, sizeof text,
                          &length) == CNS_OK);
    CHECK(status_of(&plain, 0, &chain[0]) == CNS_NO_SPACE);
    CHECK(cns_denote_text(&plain, 0, &chain[1], text, sizeof text, &length) == CNS_OK);
    CHECK(cns_denote_text(&plain, 0, &chain[1], text, length, &length) == CNS_NO_SPACE);
    CHECK(cns_denote_text(&plain, 0, &chain[1], NULL, 0, &length) == CNS_NO_SPACE);
    CHECK(cns_denote_text(&plain, 0, &chain[1], text, length + 1, &length) == CNS_OK);
}

int
main(void) {
    check_terms();
    check_shared();
    check_names();
    check_bad_records();
    check_depth();
    return check_status();
}
