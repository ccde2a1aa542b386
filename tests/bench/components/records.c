/* SPDX-License-Identifier: Apache-2.0 */
/* Records for each check: values in and out of bounds, now and then none. */
#include "cases.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define PICK(array, draw) ((array)[(draw) % LENGTH(array)])

static const cns_str texts[] = {
    CNS_STR("AB12"), CNS_STR("north face"), CNS_STR("Z\xC3\xBCrich"),
    CNS_STR("XY7"),  CNS_STR(""),           CNS_STR("QQ2024"),
    CNS_STR("ab12"), CNS_STR("roof"),       CNS_STR("A1"),
};
static const cns_str tags[] = {
    CNS_STR("en"), CNS_STR("de"), CNS_STR("fr"), CNS_STR("en-GB"), CNS_STR("DE"), CNS_STR("deu"),
};
static const comp_part parts[] = {{1, 7}, {0, 0}};

/* Nine values in ten are present. */
static uint32_t
presence(uint32_t draw) {
    return draw % 10 != 0;
}

static int32_t
small(uint32_t draw) {
    return (int32_t)(draw / 16 % 10);
}

#define ONE(name, value)                                                                          \
    void make_##name(comp_##name *record, uint32_t draw) {                                        \
        record->has = presence(draw);                                                             \
        record->v = value;                                                                        \
    }
#define TWO(name)                                                                                 \
    void make_##name(comp_##name *record, uint32_t draw) {                                        \
        record->has = presence(draw) | presence(draw / 64) << 1;                                  \
        record->v = small(draw) / 2;                                                              \
        record->w = small(draw / 256) / 2;                                                        \
    }

ONE(min_count, small(draw))
ONE(datatype, (uint64_t)small(draw) / 3)
ONE(has_value, small(draw) / 2 + 3)
ONE(range_int, small(draw))
ONE(range_double, small(draw) / 1.5)
ONE(length, PICK(texts, draw / 16))
ONE(pattern, PICK(texts, draw / 16))
ONE(not_in, small(draw))
ONE(or_of, small(draw))
ONE(xone_of, small(draw))
ONE(in, (uint8_t)small(draw))
ONE(node, &PICK(parts, draw / 16))
TWO(equals)
TWO(disjoint)
TWO(less_than)
TWO(alternative)

void
make_node_kind(comp_node_kind *record, uint32_t draw) {
    record->has = presence(draw);
    record->v = (cns_ref){.id = draw / 16 % 2 * 1000};
}

void
make_class_of(comp_class_of *record, uint32_t draw) {
    static const uint32_t classes[] = {COMP_CLASS_ROOM, COMP_CLASS_KITCHEN, COMP_CLASS_HALL,
                                       COMP_CLASS_IN, 0};
    record->has = presence(draw);
    record->v = (cns_ref){.id = 1000, .class_id = PICK(classes, draw / 16)};
}

void
make_language_in(comp_language_in *record, uint32_t draw) {
    record->has = presence(draw);
    record->v = (cns_langstr){PICK(texts, draw / 256), PICK(tags, draw / 16)};
}

void
make_unique_lang(comp_unique_lang *record, uint32_t draw) {
    record->v_count = (uint16_t)(1 + draw % 3);
    for (unsigned i = 0; i < 3; i++)
        record->v[i] = (cns_langstr){texts[i], PICK(tags, draw >> (4 + 4 * i))};
}

void
make_qualified(comp_qualified *record, uint32_t draw) {
    record->v_count = (uint16_t)(1 + draw % 4);
    for (unsigned i = 0; i < 4; i++)
        record->v[i] = (int32_t)((draw >> (4 + 4 * i)) % 10);
}

void
make_closed(comp_closed *record, uint32_t draw) {
    record->has = draw % 8 == 0 ? COMP_CLOSED_HAS_V | COMP_CLOSED_HAS_W : COMP_CLOSED_HAS_V;
    record->v = record->w = small(draw);
}
