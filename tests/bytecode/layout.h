/* SPDX-License-Identifier: Apache-2.0 */
/* Records of all forms of values, for images that are loaded and not run. */
#include <cns/cns.h>

static const uint16_t colors[] = {1, 2, 3};
static const cns_value_layout values[] = {
    {{CNS_FORM_SCALAR, CNS_INT, 0, 0, NULL}, 4, 0, CNS_NO_RECORD, 0, CNS_TYPED},
    {{CNS_FORM_SCALAR, CNS_DOUBLE, 0, 0, NULL}, 8, 0, CNS_NO_RECORD, 0, CNS_TYPED},
    {{CNS_FORM_ENUM, CNS_NONE, 1, 3, colors}, 1, 0, CNS_NO_RECORD, 0, CNS_NODE},
    {{CNS_FORM_REF, CNS_NONE, 0, 0, NULL}, 16, 0, 1, 0, CNS_TYPED},
    {{CNS_FORM_LIST, CNS_NONE, 0, 0, NULL}, 24, 4, 0, 5, CNS_TYPED},
    {{CNS_FORM_INLINE, CNS_STRING, 0, 0, NULL}, 22, 2, CNS_NO_RECORD, 20, CNS_TYPED},
    {{CNS_FORM_LANG, CNS_NONE, 0, 0, NULL}, 32, 0, CNS_NO_RECORD, 0, CNS_TYPED},
    {{CNS_FORM_TERM, CNS_NONE, 0, 0, NULL}, 40, 0, CNS_NO_RECORD, 0, CNS_TYPED},
    {{CNS_FORM_SCALAR, CNS_STRING, 0, 0, NULL}, 16, 0, CNS_NO_RECORD, 0, CNS_TYPED},
};
static const cns_field_layout thing_fields[] = {
    {0, 0, 1, 0, 1},             /* 0: an int */
    {0, 100, 1, 0, 4},           /* 1: ints */
    {0, 1, 1, 1, 1},             /* 2: a double */
    {0, 2, 1, 2, 1},             /* 3: a color */
    {0, 100, 1, 3, 3},           /* 4: references to parts */
    {0, 3, 1, 4, 1},             /* 5: a list of ints */
    {0, 4, 1, 5, 1},             /* 6: an inline text */
    {0, 100, 1, 6, 6},           /* 7: texts with languages */
    {0, 5, 1, 7, 1},             /* 8: a term */
    {CNS_NO_MEMBER, 0, 1, 0, 0}, /* 9: nothing */
    {0, 6, 1, 8, 1},             /* 10: a string */
    {0, 100, 1, 6, 60000},       /* 11: more texts with languages */
};
static const cns_field_layout part_fields[] = {
    {0, 100, 1, 6, 2}, /* 0: texts with languages */
    {0, 0, 1, 0, 1},   /* 1: an int */
};
static const cns_record_layout records[] = {
    {.field_count = sizeof thing_fields / sizeof *thing_fields, .fields = thing_fields},
    {.field_count = sizeof part_fields / sizeof *part_fields, .fields = part_fields},
};
static const cns_model model = {.name = "test"};
static const cns_layout layout = {
    .model = &model,
    .records = records,
    .values = values,
    .record_count = sizeof records / sizeof *records,
    .value_count = sizeof values / sizeof *values,
    .fingerprint = 0x1A707u,
};
