/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of text where UBSan watches and on 32-bit processors; Python checks the wording. */
#include "check.h"

#include <float.h>

#define SCALAR(datatype) {CNS_FORM_SCALAR, CNS_##datatype, 0, 0, NULL}

static const uint16_t ids[] = {2, 1};
static const unsigned char seven = 7, three = 3;
static const struct {
    uint16_t length;
    char data[4];
} inlined = {2, "abc"};
static const cns_langstr salut = {CNS_STR("salut"), CNS_STR("fr")};
static const cns_decimal least = {INT64_MIN, 18}, scaled = {1, -128};
static const cns_datetime first = {INT64_MIN, 0, CNS_NO_ZONE}, bad = {0, UINT32_MAX, INT16_MAX};
static const cns_duration shortest = {INT64_MIN, INT32_MIN, -999999999};
static const cns_duration mixed = {INT64_MIN, INT32_MAX, INT32_MIN};

static const struct {
    cns_type type;
    const void *value;
    const char *text;
} cases[] = {
    {SCALAR(DOUBLE), &(const double){130.5}, "130.5"},
    {SCALAR(DOUBLE), &(const double){DBL_MAX}, "1.7976931348623157E308"},
    {SCALAR(DOUBLE), &(const double){DBL_MIN}, "2.2250738585072014E-308"},
    {SCALAR(FLOAT), &(const float){0.1F}, "0.1"},
    {SCALAR(FLOAT), &(const float){-FLT_MAX}, "-3.4028235E38"},
    {SCALAR(BOOLEAN), &seven, "ill-formed xsd:boolean 7"},
    {SCALAR(BYTE), &(const int8_t){-128}, "-128"},
    {SCALAR(LONG), &(const int64_t){INT64_MIN}, "-9223372036854775808"},
    {SCALAR(UNSIGNED_LONG), &(const uint64_t){UINT64_MAX}, "18446744073709551615"},
    {SCALAR(DECIMAL), &least, "-9.223372036854775808"},
    {SCALAR(DECIMAL), &scaled, "ill-formed xsd:decimal 1E128"},
    {SCALAR(DATE_TIME), &first, "-292277022657-01-27T08:29:52"},
    {SCALAR(DATE_TIME), &bad,
     "ill-formed xsd:dateTime (seconds 0, nanoseconds 4294967295, zone 32767)"},
    {SCALAR(DURATION), &shortest, "-P178956970Y8M106751991167300DT15H30M8.999999999S"},
    {SCALAR(DURATION), &mixed,
     "ill-formed xsd:duration (months 2147483647, seconds -9223372036854775808, nanoseconds "
     "-2147483648)"},
    {{CNS_FORM_INLINE, CNS_STRING, 0, 0, NULL}, &inlined, "\"ab\""},
    {{CNS_FORM_LANG, CNS_LANG_STRING, 0, 0, NULL}, &salut, "\"salut\"@fr"},
    {{CNS_FORM_ENUM, CNS_NONE, 1, 2, ids}, &(const unsigned char){1}, "<urn:two>"},
    {{CNS_FORM_ENUM, CNS_NONE, 1, 2, ids}, &three, "ill-formed enumerator 3"},
};

static void
test_values(void) {
    static const char *const terms[] = {"<urn:one>", "<urn:two>"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cns_check check = {CNS_COMPONENT_IN, CNS_WARNING, 0};
        cns_model model = {.checks = &check,
                           .types = &cases[i].type,
                           .terms = terms,
                           .check_count = 1,
                           .type_count = 1,
                           .term_count = 2};
        cns_violation violation = {.value = cases[i].value};
        char line[160], expected[160];
        snprintf(expected, sizeof expected, "warning: %s: check 0 [sh:in]", cases[i].text);
        size_t length = cns_violation_format(&model, &violation, line, sizeof line);
        CHECK_ROW(strcmp(line, expected) == 0 && length == strlen(expected), i);
        for (size_t size = 0; size <= length; size++) {
            memset(line, 'x', sizeof line);
            CHECK_ROW(cns_violation_format(&model, &violation, line, size) == length, i);
            CHECK_ROW(line[size] == 'x' && (size == 0 || strlen(line) < size), i);
        }
    }
}

int
main(void) {
    test_values();
    return check_status();
}
