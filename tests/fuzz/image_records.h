/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sound records of all forms of values, of numbers that the fuzzer chooses.
 *
 * What a record does not hold is poisoned: values of absent fields, items behind the count, the
 * space between fields and behind texts. So ASan sees all that is read beyond the contract.
 * The first values and fields are those of ../bytecode/layout.h, of which the texts of images
 * there speak.
 */
#include <sanitizer/asan_interface.h>
#include <string.h>

#include <cns/cns.h>

/* ---- Layout ------------------------------------------------------------------------------- */

enum {
    ID_OFFSET = 0,
    CLASS_OFFSET = 4,
    HAS_OFFSET = 8,
    COUNTS_OFFSET = 16,
    HEAD_BYTES = 128,
    FIELD_BYTES = 256,
    MOST_FIELDS = 48,
    RECORD_BYTES = HEAD_BYTES + MOST_FIELDS * FIELD_BYTES,
    PART = 1, /* the record that describes nodes */
    NODE_DEPTH = 2
};

#define SCALAR(tag, size)                                                                         \
    {{CNS_FORM_SCALAR, tag, 0, 0, NULL}, size, 0, CNS_NO_RECORD, 0, CNS_TYPED}
#define PLACE(slot) (HEAD_BYTES + (slot) * FIELD_BYTES)
#define ONE(slot, value) {PLACE(slot), (slot), 1, (value), 1}
#define MANY(slot, value, capacity)                                                               \
    {PLACE(slot), COUNTS_OFFSET + 2 * (slot), 1, (value), (capacity)}
#define NOTHING {CNS_NO_MEMBER, 0, 1, 0, 0}

static const uint16_t colors[] = {1, 2, 3};
static const uint16_t tags[] = {CNS_INT, CNS_NODE, CNS_DECIMAL, CNS_STRING, CNS_LANG_STRING};
static const uint16_t unit[] = {5};
static const cns_value_layout values[] = {
    SCALAR(CNS_INT, 4), /* 0 */
    SCALAR(CNS_DOUBLE, 8),
    {{CNS_FORM_ENUM, CNS_NONE, 1, 3, colors}, 1, 0, CNS_NO_RECORD, 0, CNS_NODE},
    {{CNS_FORM_REF, CNS_NONE, 0, 0, NULL}, 16, 0, PART, 0, CNS_TYPED},
    {{CNS_FORM_LIST, CNS_NONE, 0, 0, NULL}, 24, 4, 0, 5, CNS_TYPED},
    {{CNS_FORM_INLINE, CNS_STRING, 0, 0, NULL}, 22, 2, CNS_NO_RECORD, 20, CNS_TYPED}, /* 5 */
    {{CNS_FORM_LANG, CNS_NONE, 0, 0, NULL}, 32, 0, CNS_NO_RECORD, 0, CNS_TYPED},
    {{CNS_FORM_TERM, CNS_NONE, 0, 0, NULL}, sizeof(cns_term), 0, CNS_NO_RECORD, 0, CNS_TYPED},
    SCALAR(CNS_STRING, 16),
    SCALAR(CNS_BOOLEAN, 1),
    SCALAR(CNS_BYTE, 1), /* 10 */
    SCALAR(CNS_SHORT, 2),
    SCALAR(CNS_LONG, 8),
    SCALAR(CNS_UNSIGNED_BYTE, 1),
    SCALAR(CNS_UNSIGNED_SHORT, 2),
    SCALAR(CNS_UNSIGNED_INT, 4), /* 15 */
    SCALAR(CNS_UNSIGNED_LONG, 8),
    SCALAR(CNS_FLOAT, 4),
    SCALAR(CNS_DECIMAL, 16),
    SCALAR(CNS_DATE_TIME, 16),
    SCALAR(CNS_DURATION, 16), /* 20 */
    {{CNS_FORM_TYPED, CNS_NONE, 0, 1, unit}, 16, 0, CNS_NO_RECORD, 0, CNS_TYPED},
    {{CNS_FORM_ENUM, CNS_NONE, 2, 3, colors}, 2, 0, CNS_NO_RECORD, 0, CNS_NODE},
    {{CNS_FORM_REF, CNS_NONE, 0, 0, NULL}, 16, 0, CNS_NO_RECORD, 0, CNS_TYPED},
    {{CNS_FORM_RECORD, CNS_NONE, 0, 0, NULL}, 8, 0, PART, 0, CNS_TYPED},
    {{CNS_FORM_TERM, CNS_NONE, 0, 5, tags}, sizeof(cns_term), 0, PART, 0, CNS_NODE}, /* 25 */
    {{CNS_FORM_ID, CNS_NONE, 0, 0, NULL}, 4, 0, CNS_NO_RECORD, 0, CNS_TYPED},
    {{CNS_FORM_LIST, CNS_NONE, 0, 0, NULL}, 56, 8, 3, 3, CNS_TYPED},
    {{CNS_FORM_LIST, CNS_NONE, 0, 0, NULL}, 8 + 3 * sizeof(cns_term), 8, 7, 3, CNS_TYPED},
    SCALAR(CNS_ANY_URI, 16),
};
static const cns_field_layout thing_fields[] = {
    ONE(0, 0),       MANY(1, 0, 4),   ONE(2, 1),       ONE(3, 2),       MANY(4, 3, 3),
    ONE(5, 4),       ONE(6, 5),       MANY(7, 6, 6),   ONE(8, 7),       NOTHING,
    ONE(10, 8),      MANY(11, 6, 6),  ONE(12, 9),      ONE(13, 10),     ONE(14, 11),
    ONE(15, 12),     ONE(16, 13),     ONE(17, 14),     ONE(18, 15),     ONE(19, 16),
    ONE(20, 17),     ONE(21, 18),     ONE(22, 19),     ONE(23, 20),     ONE(24, 21),
    ONE(25, 22),     ONE(26, 23),     ONE(27, 24),     ONE(28, 25),     ONE(29, 26),
    ONE(30, 27),     ONE(31, 28),     ONE(32, 29),     MANY(33, 2, 3),  MANY(34, 5, 3),
    MANY(35, 7, 3),  MANY(36, 8, 3),  MANY(37, 9, 4),  MANY(38, 10, 4), MANY(39, 18, 3),
    MANY(40, 24, 3), MANY(41, 25, 3), MANY(42, 26, 4), MANY(43, 4, 2),  MANY(44, 17, 4),
    MANY(45, 21, 2), ONE(46, 3),
};
static const cns_field_layout part_fields[] = {
    MANY(0, 6, 2), ONE(1, 0), ONE(2, 3), MANY(3, 0, 2), ONE(4, 7), MANY(5, 24, 2), ONE(6, 8),
};
static const cns_record_layout records[] = {
    {.size = RECORD_BYTES,
     .has = HAS_OFFSET,
     .id = ID_OFFSET,
     .class_id = CLASS_OFFSET,
     .type = 3,
     .field_count = sizeof thing_fields / sizeof *thing_fields,
     .fields = thing_fields},
    {.size = RECORD_BYTES,
     .has = HAS_OFFSET,
     .id = ID_OFFSET,
     .class_id = CNS_NO_MEMBER,
     .type = 4,
     .field_count = sizeof part_fields / sizeof *part_fields,
     .fields = part_fields},
    {.size = RECORD_BYTES, /* without an id, and of any class: fields of parts */
     .has = HAS_OFFSET,
     .id = CNS_NO_MEMBER,
     .class_id = CLASS_OFFSET,
     .type = 0,
     .field_count = sizeof part_fields / sizeof *part_fields,
     .fields = part_fields},
};
static const _Alignas(16) unsigned char empty[RECORD_BYTES];
static const cns_model model = {.name = "test"};
static const cns_layout layout = {
    .model = &model,
    .records = records,
    .values = values,
    .record_count = sizeof records / sizeof *records,
    .value_count = sizeof values / sizeof *values,
    .fingerprint = 0x1A707u,
    .empty = empty,
};

/* ---- Memory ------------------------------------------------------------------------------- */

enum {
    MEMORY_BYTES = 1 << 21,
    GAP_BYTES = 32
};

static _Alignas(16) unsigned char memory[MEMORY_BYTES];
static size_t memory_used;

/* Forgets all that was taken. */
static void
release_memory(void) {
    ASAN_POISON_MEMORY_REGION(memory, memory_used > 0 ? memory_used : MEMORY_BYTES);
    memory_used = 0;
}

/* Memory of zeros, of a size, between poison. */
static void *
take(size_t size) {
    size_t whole = (size + 15) / 16 * 16 + GAP_BYTES;
    if (whole > MEMORY_BYTES - memory_used) {
        abort();
    }
    unsigned char *taken = memory + memory_used;
    memory_used += whole;
    ASAN_UNPOISON_MEMORY_REGION(taken, size);
    memset(taken, 0, size);
    return taken;
}

/* ---- Choices ------------------------------------------------------------------------------ */

/* Bytes of the input, and, when there are no more, numbers that follow from them. */
typedef struct choices {
    const unsigned char *bytes;
    size_t left;
    uint32_t state;
} choices;

static uint32_t
draw(choices *from, uint32_t bound) {
    uint32_t byte = 0;
    if (from->left > 0) {
        byte = *from->bytes++;
        from->left--;
    }
    from->state = (from->state ^ byte) * 1664525u + 1013904223u;
    return (byte + (from->left > 0 ? 0 : from->state >> 16)) % bound;
}

static uint64_t
draw_bits(choices *from) {
    static const uint64_t usual[] = {0, 1, 5, 9, 100, UINT64_MAX, INT64_MAX, UINT64_C(1) << 63};
    uint32_t which = draw(from, 12);
    if (which < 8) {
        return usual[which];
    }
    uint64_t bits = 0;
    for (uint32_t i = 0; i <= which - 4; i++) {
        bits = bits << 8 | draw(from, 256);
    }
    return bits;
}

static float
draw_float(choices *from) {
    static const float usual[] = {0, -0.0f, 1, 1.5f, 5, 9, 0.1f, 1e30f};
    float number = usual[draw(from, 8)];
    uint32_t bits = (uint32_t)draw_bits(from);
    if (draw(from, 4) == 0) { /* NaN and infinity among them */
        memcpy(&number, &bits, sizeof number);
    }
    return number;
}

static double
draw_double(choices *from) {
    double number = (double)draw_float(from);
    uint64_t bits = draw_bits(from);
    if (draw(from, 4) == 0) {
        memcpy(&number, &bits, sizeof number);
    }
    return number;
}

/* Writes whole characters into at most `room` bytes; returns how many it wrote. */
static uint32_t
draw_characters(choices *from, char *to, uint32_t room) {
    static const char *const characters[] = {"a", "b", "0", "-", "\xC3\xA9", "\xF0\x9F\x98\x80"};
    uint32_t length = 0;
    for (uint32_t left = draw(from, 8); left > 0; left--) {
        const char *character = characters[draw(from, 6)];
        size_t size = strlen(character);
        if (size > room - length) {
            break;
        }
        memcpy(to + length, character, size);
        length += (uint32_t)size;
    }
    return length;
}

static cns_str
keep_text(const char *text, uint32_t length) {
    char *kept = take(length);
    memcpy(kept, text, length);
    return (cns_str){kept, length};
}

static cns_str
draw_text(choices *from) {
    char buffer[32];
    return keep_text(buffer, draw_characters(from, buffer, sizeof buffer));
}

static cns_langstr
draw_langstr(choices *from) {
    static const char *const languages[] = {"en", "EN", "de-AT", "de", "fr"};
    const char *language = languages[draw(from, 5)];
    return (cns_langstr){draw_text(from), keep_text(language, (uint32_t)strlen(language))};
}

/* ---- Values ------------------------------------------------------------------------------- */

static const void *draw_record(choices *from, uint16_t number, uint32_t depth);

static cns_ref
draw_ref(choices *from, bool described, uint32_t depth) {
    cns_ref ref = {draw(from, 10), draw(from, 8), NULL};
    if (described && depth > 0 && draw(from, 2) == 0) {
        ref.record = draw_record(from, PART, depth - 1);
    }
    return ref;
}

static cns_decimal
draw_decimal(choices *from) {
    return (cns_decimal){(int64_t)draw_bits(from), (int8_t)draw(from, 20)};
}

static cns_datetime
draw_datetime(choices *from) {
    static const int16_t zones[] = {0, 60, -840, CNS_NO_ZONE};
    int64_t seconds = (int64_t)(draw_bits(from) >> 20);
    return (cns_datetime){seconds, draw(from, 3) * 500000000u, zones[draw(from, 4)]};
}

static cns_duration
draw_duration(choices *from) {
    int64_t seconds = (int64_t)(draw_bits(from) >> 20);
    return (cns_duration){seconds, (int32_t)draw(from, 30), (int32_t)draw(from, 2) * 7};
}

/* The member of cns_term of a literal. */
#define DRAW_boolean(term) (*(unsigned char *)&(term)->as.boolean = (unsigned char)draw(from, 3))
#define DRAW_integer(term) ((term)->as.integer = (int64_t)draw_bits(from))
#define DRAW_natural(term) ((term)->as.natural = draw_bits(from))
#define DRAW_single(term) ((term)->as.single = draw_float(from))
#define DRAW_real(term) ((term)->as.real = draw_double(from))
#define DRAW_decimal(term) ((term)->as.decimal = draw_decimal(from))
#define DRAW_datetime(term) ((term)->as.datetime = draw_datetime(from))
#define DRAW_duration(term) ((term)->as.duration = draw_duration(from))
#define DRAW_string(term) ((term)->as.string = draw_text(from))

/* Draws the member that a tag names; none for a tag that is none. */
static void
draw_member(choices *from, cns_term *term, bool described, uint32_t depth) {
    switch (term->tag) {
    case CNS_NODE:
        term->as.node = draw_ref(from, described, depth);
        break;
    case CNS_LANG_STRING:
        term->as.langstr = draw_langstr(from);
        break;
    case CNS_TYPED:
        term->as.typed = (cns_typed){draw_text(from), 4 + draw(from, 3)};
        break;
#define CNS_X(tag, member, name)                                                                  \
    case CNS_##tag:                                                                               \
        DRAW_##member(term);                                                                      \
        break;
        CNS_DATATYPES(CNS_X)
#undef CNS_X
    default:
        break;
    }
}

static cns_term
draw_term(choices *from, const cns_value_layout *value, uint32_t depth) {
    cns_term term;
    memset(&term, 0, sizeof term);
    term.tag = (uint8_t)draw(from, CNS_TAG_COUNT + 2);
    if (value->type.count > 0 && draw(from, 4) != 0) {
        term.tag = (uint8_t)value->type.terms[draw(from, value->type.count)];
    }
    draw_member(from, &term, value->inner == PART, depth);
    return term;
}

static size_t fill_values(choices *from, unsigned char *at, const cns_value_layout *value,
                          uint32_t count, uint32_t depth);

/* Fills a list or an inline text; returns the bytes that it holds. */
static size_t
fill_counted(choices *from, unsigned char *at, const cns_value_layout *value, uint32_t depth) {
    uint16_t count;
    size_t used;
    if (value->type.form == CNS_FORM_LIST) {
        count = (uint16_t)draw(from, value->capacity + 1u);
        used = fill_values(from, at + value->offset, &values[value->inner], count, depth);
    } else {
        count = (uint16_t)draw_characters(from, (char *)at + value->offset, value->capacity);
        used = count;
    }
    memcpy(at, &count, sizeof count);
    return used > 0 ? value->offset + used : sizeof count;
}

/* Fills a value in memory of zeros; returns how many of its bytes it holds. */
static size_t
fill_value(choices *from, unsigned char *at, const cns_value_layout *value, uint32_t depth) {
    cns_term term = {.tag = value->type.tag};
    uint16_t number;

    switch (value->type.form) {
    case CNS_FORM_LIST:
    case CNS_FORM_INLINE:
        return fill_counted(from, at, value, depth);
    case CNS_FORM_ENUM:
        number = (uint16_t)draw(from, 5);
        memcpy(at, &number, value->size);
        return value->size;
    case CNS_FORM_RECORD:
        term.as.node = draw_ref(from, true, depth);
        memcpy(at, &term.as.node.record, value->size);
        return value->size;
    case CNS_FORM_TERM:
        term = draw_term(from, value, depth);
        memcpy(at, &term, sizeof term);
        return value->size;
    case CNS_FORM_REF:
        term.as.node = draw_ref(from, value->inner == PART, depth);
        break;
    case CNS_FORM_LANG:
        term.as.langstr = draw_langstr(from);
        break;
    case CNS_FORM_TYPED:
        term.as.string = draw_text(from);
        break;
    case CNS_FORM_ID:
        term.as.natural = draw(from, 10);
        break;
    default:
        draw_member(from, &term, false, depth);
        break;
    }
    memcpy(at, &term.as, value->size);
    return value->size;
}

/* Fills some values; returns the bytes that they hold. */
static size_t
fill_values(choices *from, unsigned char *at, const cns_value_layout *value, uint32_t count,
            uint32_t depth) {
    size_t used = 0;
    for (uint32_t i = 0; i < count; i++) {
        used = i * value->size + fill_value(from, at + i * value->size, value, depth);
    }
    return used;
}

/* Fills a field, and poisons what it does not hold. */
static void
fill_field(choices *from, unsigned char *record, const cns_field_layout *field, uint32_t depth) {
    if (field->capacity == 0) {
        return;
    }
    uint16_t count = (uint16_t)draw(from, field->capacity + 1u);
    size_t used = fill_values(from, record + field->offset, &values[field->value], count, depth);
    ASAN_POISON_MEMORY_REGION(record + field->offset + used, FIELD_BYTES - used);
    if (field->capacity > 1) {
        memcpy(record + field->presence, &count, sizeof count);
    } else if (count > 0) {
        record[HAS_OFFSET + field->presence / 8] |= (unsigned char)(1u << field->presence % 8);
    }
}

/* A sound record of a number, with nodes of so much depth in it. */
static const void *
draw_record(choices *from, uint16_t number, uint32_t depth) {
    const cns_record_layout *record = &records[number];
    unsigned char *made = take(PLACE(record->field_count));
    uint32_t id = draw(from, 10), class_id = draw(from, 8);
    if (record->id != CNS_NO_MEMBER) {
        memcpy(made + ID_OFFSET, &id, sizeof id);
    }
    if (record->class_id != CNS_NO_MEMBER) {
        memcpy(made + CLASS_OFFSET, &class_id, sizeof class_id);
    }
    for (uint32_t i = 0; i < record->field_count; i++) {
        fill_field(from, made, &record->fields[i], depth);
    }
    return made;
}
