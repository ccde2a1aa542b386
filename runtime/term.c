/* SPDX-License-Identifier: Apache-2.0 */
/* What can be asked of a term whose datatype is only known at run time. */
#include <cns/cns.h>

bool
cns_term_kind_in(const cns_term *term, unsigned kinds)
{
    if (term->tag == CNS_NODE) {
        return (kinds & (term->as.node.id != 0 ? CNS_KIND_IRI : CNS_KIND_BLANK)) != 0;
    }
    if (term->tag == CNS_NONE || term->tag >= CNS_TAG_COUNT) {
        return (kinds & CNS_KIND_INVALID) != 0;
    }
    return (kinds & CNS_KIND_LITERAL) != 0;
}

/* Integer datatypes with bounds that their C type does not have. */
static bool
integer_valid(const cns_term *term)
{
    int64_t integer = term->as.integer;
    uint64_t natural = term->as.natural;

    switch (term->tag) {
    case CNS_BYTE:
        return integer >= INT8_MIN && integer <= INT8_MAX;
    case CNS_SHORT:
        return integer >= INT16_MIN && integer <= INT16_MAX;
    case CNS_INT:
        return integer >= INT32_MIN && integer <= INT32_MAX;
    case CNS_UNSIGNED_BYTE:
        return natural <= UINT8_MAX;
    case CNS_UNSIGNED_SHORT:
        return natural <= UINT16_MAX;
    case CNS_UNSIGNED_INT:
        return natural <= UINT32_MAX;
    case CNS_NEGATIVE_INTEGER:
        return integer < 0;
    case CNS_NON_POSITIVE_INTEGER:
        return integer <= 0;
    case CNS_POSITIVE_INTEGER:
        return natural > 0;
    default:
        return true;
    }
}

bool
cns_term_has_datatype(const cns_term *term, cns_tag datatype)
{
    if (term->tag != datatype) {
        return false;
    }
    switch (term->tag) {
    case CNS_NONE:
    case CNS_NODE:
        return false;
    case CNS_BOOLEAN:
        return cns_bool_byte(&term->as.boolean) <= 1;
    case CNS_DECIMAL:
        return cns_decimal_valid(term->as.decimal);
    case CNS_DATE_TIME:
    case CNS_DATE_TIME_STAMP:
    case CNS_DATE:
    case CNS_TIME:
    case CNS_G_YEAR:
    case CNS_G_YEAR_MONTH:
    case CNS_G_MONTH:
    case CNS_G_MONTH_DAY:
    case CNS_G_DAY:
        return cns_datetime_valid(term->as.datetime, datatype);
    case CNS_DURATION:
    case CNS_DAY_TIME_DURATION:
    case CNS_YEAR_MONTH_DURATION:
        return cns_duration_valid(term->as.duration, datatype);
    default:
        return integer_valid(term);
    }
}

bool
cns_term_sound(const cns_term *term)
{
    switch (term->tag) {
    case CNS_STRING:
    case CNS_ANY_URI:
        return cns_str_sound(term->as.string);
    case CNS_LANG_STRING:
        return cns_str_sound(term->as.langstr.text) && cns_str_sound(term->as.langstr.language);
    case CNS_TYPED:
        return cns_str_sound(term->as.typed.lexical);
    default:
        return true;
    }
}
