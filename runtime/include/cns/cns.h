/* SPDX-License-Identifier: Apache-2.0 */
/* The contract between an application, generated models and the cns runtime. */
#ifndef CNS_CNS_H
#define CNS_CNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a call reports about itself. That data does not conform is no status: it is a result. */
#define CNS_STATUSES(X)                                                                           \
    X(OK, "done")                                                                                 \
    X(NOT_CHECKED, "this kind is declared as not checked")                                        \
    X(UNKNOWN_KIND, "no handler for this kind")                                                   \
    X(BAD_RECORD, "a count, pointer, text or depth of the record is not sound")                   \
    X(BAD_ARGUMENT, "an argument is missing or out of range")                                     \
    X(NO_SPACE, "the pool or buffer is full")                                                     \
    X(BAD_IMAGE, "no image is loaded, or it is refused")

typedef enum cns_status {
#define CNS_X(name, text) CNS_##name,
    CNS_STATUSES(CNS_X)
#undef CNS_X
} cns_status;

/* ---- Values: the C side of RDF literals and nodes ---------------------------------------- */

/* UTF-8 text of `length` bytes, not terminated; `data` may be NULL when `length` is 0. */
typedef struct cns_str {
    const char *data;
    uint32_t length;
} cns_str;

/* The text of a string literal; its NUL is not part of it. */
#define CNS_STR(text) {(text), (uint32_t)(sizeof(text) - 1u)}

/* The text of a string that ends with NUL. */
static inline cns_str
cns_str_of(const char *text) {
    cns_str made = {text, 0};
    while (text[made.length] != '\0')
        made.length++;
    return made;
}

/* Text with a language tag (rdf:langString). */
typedef struct cns_langstr {
    cns_str text;
    cns_str language;
} cns_langstr;

/* unscaled * 10^-scale, with 0 <= scale <= 18. */
typedef struct cns_decimal {
    int64_t unscaled;
    int8_t scale;
} cns_decimal;

/* The zone of a time that has none. */
#define CNS_NO_ZONE INT16_MIN

/*
 * A point on the time line: xsd:dateTime, date, time, gYear and relatives.
 * `seconds` count from 1970-01-01T00:00:00, in UTC where the zone is known, local otherwise;
 * `zone` is in minutes east of UTC, -840 to 840, or CNS_NO_ZONE; `nanoseconds` < 10^9.
 * Parts that the datatype lacks are those of 1972-01-01T00:00:00 (a time lies on 1970-01-01).
 */
typedef struct cns_datetime {
    int64_t seconds;
    uint32_t nanoseconds;
    int16_t zone;
} cns_datetime;

/* xsd:duration: all parts have the same sign or are 0; |nanoseconds| < 10^9. */
typedef struct cns_duration {
    int64_t seconds;
    int32_t months;
    int32_t nanoseconds;
} cns_duration;

/*
 * A node that is described elsewhere, or here by `record`. `id` 0 is a blank node: the one that
 * `record` describes. Other ids are IRIs: those of the model first, then the application's own.
 * `class_id` is the id of the class that the node is an instance of, or 0 when it has no type.
 */
typedef struct cns_ref {
    uint32_t id;
    uint32_t class_id;
    const void *record;
} cns_ref;

/* Literal datatypes: tag, member of cns_term, name in XSD. */
#define CNS_DATATYPES(X)                                                                          \
    X(BOOLEAN, boolean, "boolean")                                                                \
    X(BYTE, integer, "byte")                                                                      \
    X(SHORT, integer, "short")                                                                    \
    X(INT, integer, "int")                                                                        \
    X(LONG, integer, "long")                                                                      \
    X(UNSIGNED_BYTE, natural, "unsignedByte")                                                     \
    X(UNSIGNED_SHORT, natural, "unsignedShort")                                                   \
    X(UNSIGNED_INT, natural, "unsignedInt")                                                       \
    X(UNSIGNED_LONG, natural, "unsignedLong")                                                     \
    X(INTEGER, integer, "integer")                                                                \
    X(NEGATIVE_INTEGER, integer, "negativeInteger")                                               \
    X(NON_POSITIVE_INTEGER, integer, "nonPositiveInteger")                                        \
    X(NON_NEGATIVE_INTEGER, natural, "nonNegativeInteger")                                        \
    X(POSITIVE_INTEGER, natural, "positiveInteger")                                               \
    X(FLOAT, single, "float")                                                                     \
    X(DOUBLE, real, "double")                                                                     \
    X(DECIMAL, decimal, "decimal")                                                                \
    X(DATE_TIME, datetime, "dateTime")                                                            \
    X(DATE_TIME_STAMP, datetime, "dateTimeStamp")                                                 \
    X(DATE, datetime, "date")                                                                     \
    X(TIME, datetime, "time")                                                                     \
    X(G_YEAR, datetime, "gYear")                                                                  \
    X(G_YEAR_MONTH, datetime, "gYearMonth")                                                       \
    X(G_MONTH, datetime, "gMonth")                                                                \
    X(G_MONTH_DAY, datetime, "gMonthDay")                                                         \
    X(G_DAY, datetime, "gDay")                                                                    \
    X(DURATION, duration, "duration")                                                             \
    X(DAY_TIME_DURATION, duration, "dayTimeDuration")                                             \
    X(YEAR_MONTH_DURATION, duration, "yearMonthDuration")                                         \
    X(STRING, string, "string")                                                                   \
    X(ANY_URI, string, "anyURI")

/*
 * What a cns_term holds. CNS_NONE is no term and violates whatever is asked of it, and so does a
 * tag outside this list. CNS_TYPED is a literal whose datatype is an IRI of the model.
 */
typedef enum cns_tag {
    CNS_NONE,
    CNS_NODE,
    CNS_LANG_STRING,
    CNS_TYPED,
#define CNS_X(tag, member, name) CNS_##tag,
    CNS_DATATYPES(CNS_X)
#undef CNS_X
    CNS_TAG_COUNT
} cns_tag;

/* A literal of another datatype: its lexical form, and the term id of the datatype. */
typedef struct cns_typed {
    cns_str lexical;
    uint32_t datatype;
} cns_typed;

/* Any RDF term. `tag` is a cns_tag and says which member holds the value. */
typedef struct cns_term {
    uint8_t tag;
    union {
        cns_ref node;
        bool boolean;
        int64_t integer;
        uint64_t natural;
        float single;
        double real;
        cns_decimal decimal;
        cns_datetime datetime;
        cns_duration duration;
        cns_str string;
        cns_langstr langstr;
        cns_typed typed;
    } as;
} cns_term;

/* ---- Results ------------------------------------------------------------------------------ */

/* Constraint components: enumerator, local name of the sh:…ConstraintComponent, parameter. From
   VALUE_SPACE on they are no part of SHACL: their namespace is urn:cns: in its place. */
#define CNS_COMPONENTS(X)                                                                         \
    X(CLASS, "Class", "class")                                                                    \
    X(DATATYPE, "Datatype", "datatype")                                                           \
    X(NODE_KIND, "NodeKind", "nodeKind")                                                          \
    X(MIN_COUNT, "MinCount", "minCount")                                                          \
    X(MAX_COUNT, "MaxCount", "maxCount")                                                          \
    X(MIN_EXCLUSIVE, "MinExclusive", "minExclusive")                                              \
    X(MIN_INCLUSIVE, "MinInclusive", "minInclusive")                                              \
    X(MAX_EXCLUSIVE, "MaxExclusive", "maxExclusive")                                              \
    X(MAX_INCLUSIVE, "MaxInclusive", "maxInclusive")                                              \
    X(MIN_LENGTH, "MinLength", "minLength")                                                       \
    X(MAX_LENGTH, "MaxLength", "maxLength")                                                       \
    X(PATTERN, "Pattern", "pattern")                                                              \
    X(LANGUAGE_IN, "LanguageIn", "languageIn")                                                    \
    X(UNIQUE_LANG, "UniqueLang", "uniqueLang")                                                    \
    X(EQUALS, "Equals", "equals")                                                                 \
    X(DISJOINT, "Disjoint", "disjoint")                                                           \
    X(LESS_THAN, "LessThan", "lessThan")                                                          \
    X(LESS_THAN_OR_EQUALS, "LessThanOrEquals", "lessThanOrEquals")                                \
    X(NOT, "Not", "not")                                                                          \
    X(AND, "And", "and")                                                                          \
    X(OR, "Or", "or")                                                                             \
    X(XONE, "Xone", "xone")                                                                       \
    X(SHAPE_NODE, "Node", "node")                                                                 \
    X(QUALIFIED_MIN_COUNT, "QualifiedMinCount", "qualifiedMinCount")                              \
    X(QUALIFIED_MAX_COUNT, "QualifiedMaxCount", "qualifiedMaxCount")                              \
    X(CLOSED, "Closed", "closed")                                                                 \
    X(HAS_VALUE, "HasValue", "hasValue")                                                          \
    X(IN, "In", "in")                                                                             \
    X(VALUE_SPACE, "ValueSpace", "valueSpace")                                                    \
    X(MAX_VALUES, "MaxValues", "maxValues")

typedef enum cns_component {
#define CNS_X(name, component, parameter) CNS_COMPONENT_##name,
    CNS_COMPONENTS(CNS_X)
#undef CNS_X
    CNS_COMPONENT_COUNT
} cns_component;

typedef enum cns_severity {
    CNS_INFO,
    CNS_WARNING,
    CNS_VIOLATION,
    CNS_OTHER_SEVERITY
} cns_severity;

/* How the bytes of a reported value are to be read. */
typedef enum cns_form {
    CNS_FORM_ABSENT, /* the constraint is about a set of values: none is reported */
    CNS_FORM_FOCUS,  /* the value is the focus node itself */
    CNS_FORM_SCALAR, /* the C type of datatype `tag` */
    CNS_FORM_INLINE, /* uint16_t length, then the bytes of a string of datatype `tag` */
    CNS_FORM_LANG,   /* cns_langstr */
    CNS_FORM_ENUM,   /* `size` bytes: an enumerator; `terms[enumerator - 1]` is its term id */
    CNS_FORM_REF,    /* cns_ref */
    CNS_FORM_RECORD, /* a record, which is a blank node */
    CNS_FORM_TERM,   /* cns_term */
    CNS_FORM_LIST,   /* a list: uint16_t count first; rdf:nil when it is 0 */
    CNS_FORM_TYPED,  /* cns_str: the lexical form of a literal of datatype terms[0] */
    CNS_FORM_ID,     /* uint32_t: the id of an IRI */
    /* In structs of the application's own: */
    CNS_FORM_SIGNED,   /* `size` bytes: an integer; times 10^-count where `tag` is CNS_DECIMAL,
                          in seconds from 1970 in UTC where it is a time */
    CNS_FORM_UNSIGNED, /* the same without sign */
    CNS_FORM_FLOAT,    /* float: a value of datatype `tag`, which is CNS_DOUBLE */
    CNS_FORM_CHARS,    /* char: text up to its NUL, of at most `count` bytes unless that is 0 */
    CNS_FORM_CODE      /* `size` bytes: a constant; `terms` has `count` rows of three: the term id
                          of a constant, and its lower and upper 16 bits */
} cns_form;

/* The form of a value, shared by all fields of one type. */
typedef struct cns_type {
    uint8_t form;   /* cns_form */
    uint8_t tag;    /* cns_tag of a scalar */
    uint8_t size;   /* bytes of an enumerator, or of a member of a struct of your own */
    uint16_t count; /* enumerators; for other forms, what the comment of the form says */
    const uint16_t *terms;
} cns_type;

/* One constraint of a model: what a violation of it says. */
typedef struct cns_check {
    uint8_t component; /* cns_component */
    uint8_t severity;  /* cns_severity */
    uint16_t type;     /* index into cns_model.types: the reported value */
} cns_check;

/* The words of one check, in models built with `strings: 'full'`. Empty where there are none. */
typedef struct cns_check_text {
    const char *shape;   /* the source shape */
    const char *path;    /* the result path, as in SPARQL */
    const char *message; /* sh:message, else what the constraint demands */
} cns_check_text;

/* A violation points into the record that it was found in and is valid as long as that is. */
typedef struct cns_violation {
    const void *focus;  /* the record that describes the focus node */
    const void *value;  /* the value, of form model->types[check.type], or NULL */
    uint32_t focus_id;  /* the focus node's id, 0 when it is a blank node */
    uint16_t check;     /* index into model->checks */
    uint16_t detail_of; /* sh:detail: 1 + the index of the violation that this explains, or 0 */
} cns_violation;

struct cns_model;
struct cns_image;

/* The answer to one signal or one call of a handler. */
typedef struct cns_result {
    const struct cns_model *model;
    cns_violation *violations; /* storage of the caller's, in source order of the shapes */
    uint16_t capacity;         /* how many violations the storage holds */
    uint16_t count;            /* how many it holds now */
    uint16_t truncated;        /* how many more there were; stays at 65535 */
    uint8_t status;            /* cns_status */
    bool conforms;             /* true only when status is CNS_OK and nothing was violated */
    uint32_t signal_id;
    uint32_t steps; /* a bound on the work done: the handler's worst case */
} cns_result;

/* Makes a result that reports into `storage`, an array of `capacity` violations (or NULL, 0). */
void cns_result_init(cns_result *result, cns_violation *storage, uint16_t capacity);

/* ---- Models and dispatch ------------------------------------------------------------------ */

/* Validates the record of one kind; returns result->status. Generated, one per record type. */
typedef cns_status (*cns_handler)(const void *record, cns_result *result);

/* One model: everything generated from one set of shapes. */
typedef struct cns_model {
    const char *name;
    const cns_check *checks;
    const cns_check_text *texts; /* NULL unless `strings: 'full'` */
    const cns_type *types;
    const char *const *terms; /* terms[id - 1] is the term in N-Triples; NULL unless 'full' */
    uint16_t check_count;
    uint16_t type_count;
    uint32_t term_count;
    const cns_handler *handlers; /* by kind, for the dense kinds 0 … handler_count - 1 */
    uint32_t handler_count;
    cns_handler (*find)(uint32_t kind); /* for sparse kinds, or NULL; NULL when unknown */
    const struct cns_image *image;      /* what its handlers run, and says what checks are; NULL
                                           where they are native code */
    uint32_t fingerprint; /* of the model's map: by it `cnsc decode` knows what a trace is about */
} cns_model;

/* What comes in: a record of kind `kind`, at `payload`. `flags` are the application's own. */
typedef struct cns_signal {
    const void *payload;
    uint64_t timestamp; /* the application's clock; cns copies it nowhere and reads no clock */
    uint32_t kind;
    uint32_t id;
    uint32_t flags;
} cns_signal;

/*
 * Runs the handler of the signal's kind; CNS_UNKNOWN_KIND when there is none. A signal without
 * payload is a CNS_BAD_ARGUMENT, unless its kind is not checked. The status is also in
 * result->status, except where `result` is NULL.
 */
cns_status cns_dispatch(const cns_model *model, const cns_signal *signal, cns_result *result);

/*
 * Does so for `count` signals, in order: results[i] answers signals[i], whatever the others are.
 * Each result has storage of its own. Returns how many conform, so that `count` means that all
 * records may be used; a heartbeat is none of them. For a queue in a ring, call it for the part
 * up to the end of the array, then for the rest.
 */
size_t cns_dispatch_batch(const cns_model *model, const cns_signal *signals, cns_result *results,
                          size_t count);

/* Handlers for kinds with nothing left to check, and for kinds declared as not checked. */
cns_status cns_handle_nothing(const void *record, cns_result *result);
cns_status cns_handle_unchecked(const void *record, cns_result *result);

/* What one check of a model says: its row, how the reported value is read, and its words. */
typedef struct cns_check_info {
    uint8_t component;
    uint8_t severity;
    const cns_type *type;
    cns_check_text text; /* without words: NULL */
} cns_check_info;

/* The check of a number; component CNS_COMPONENT_COUNT when the model has no such check. */
cns_check_info cns_model_check(const cns_model *model, uint16_t check);

/* ---- For generated handlers --------------------------------------------------------------- */

/* For what is called only where a record does not conform: it stays out of the way of the rest. */
#if defined(__GNUC__)
#define CNS_COLD __attribute__((cold, noinline))
#else
#define CNS_COLD
#endif

/* Starts an answer: no violations, conforming, at most `steps` steps. */
static inline void
cns_result_begin(cns_result *result, const cns_model *model, uint32_t steps) {
    result->model = model;
    result->count = 0;
    result->truncated = 0;
    result->status = CNS_OK;
    result->conforms = true;
    result->steps = steps;
}

/* Adds a violation; counts it as truncated when there is no space. */
void cns_report(cns_result *result, uint16_t check, const void *focus, uint32_t focus_id,
                const void *value);

/* The same for what explains an earlier violation: `detail_of` is result->count after that. */
void cns_report_detail(cns_result *result, uint16_t detail_of, uint16_t check, const void *focus,
                       uint32_t focus_id, const void *value);

/* Ends an answer that does not conform, without saying why (`report: 'conforms'`). */
cns_status cns_result_fail(cns_result *result);

/* Ends an answer with CNS_BAD_RECORD; it does not conform. */
cns_status cns_result_reject(cns_result *result);

/* Whether the value is one of its datatype: parts in range, a date at midnight, … */
bool cns_decimal_valid(cns_decimal value);
bool cns_datetime_valid(cns_datetime value, cns_tag datatype);
bool cns_duration_valid(cns_duration value, cns_tag datatype);
bool cns_term_valid(const cns_term *term); /* has a known tag, and a value of its datatype */

/* A time in its own zone, in the proleptic Gregorian calendar; year 0 is 1 BC. */
typedef struct cns_civil {
    int64_t year;
    uint8_t month; /* 1 to 12 */
    uint8_t day;   /* 1 to 31 */
    uint8_t hour;
    uint8_t minute;
    uint8_t second;
} cns_civil;

cns_civil cns_datetime_civil(cns_datetime value);

/*
 * Order of two valid values, as in XML Schema 1.1. A time with zone and one without are unordered
 * unless more than 14 hours apart; durations where the length of the months decides.
 */
typedef enum cns_order {
    CNS_LESS = -1,
    CNS_EQUAL = 0,
    CNS_GREATER = 1,
    CNS_UNORDERED = 2
} cns_order;

cns_order cns_decimal_compare(cns_decimal a, cns_decimal b);
cns_order cns_datetime_compare(cns_datetime a, cns_datetime b);
cns_order cns_duration_compare(cns_duration a, cns_duration b);
cns_order cns_str_compare(cns_str a, cns_str b); /* by code point */

/*
 * Order of two terms, as SPARQL compares them: numbers exactly, or promoted to float or double
 * where one of them is; xsd:string, booleans, times and durations among themselves. Terms that are
 * ill-formed, and all others, are unordered.
 */
cns_order cns_term_compare(const cns_term *a, const cns_term *b);

/*
 * Term equality: same datatype (given by the C type) and same canonical lexical form. Ill-formed
 * values of a datatype have no such form: all of them are one term. Whether a time or duration is
 * ill-formed depends on its datatype; without one, it is that of a dateTime or duration.
 */
bool cns_str_equal(cns_str a, cns_str b);
bool cns_langstr_equal(cns_langstr a, cns_langstr b); /* language tags: ASCII case ignored */
bool cns_language_same(cns_str a, cns_str b);         /* two language tags */
bool cns_float_same(float a, float b);                /* NaN is NaN, -0 is not 0 */
bool cns_double_same(double a, double b);
bool cns_decimal_same(cns_decimal a, cns_decimal b); /* 1.0 is 1.00 */
bool cns_datetime_same(cns_datetime a, cns_datetime b);
bool cns_datetime_same_as(cns_datetime a, cns_datetime b, cns_tag datatype);
bool cns_duration_same(cns_duration a, cns_duration b);
bool cns_duration_same_as(cns_duration a, cns_duration b, cns_tag datatype);
bool cns_ref_same(cns_ref a, cns_ref b);
bool cns_term_same(const cns_term *a, const cns_term *b);

/* Whether the comparison came out so; unordered values satisfy none. */
static inline bool
cns_is_less(cns_order order) {
    return order == CNS_LESS;
}

static inline bool
cns_is_at_most(cns_order order) {
    return order == CNS_LESS || order == CNS_EQUAL;
}

static inline bool
cns_is_more(cns_order order) {
    return order == CNS_GREATER;
}

static inline bool
cns_is_at_least(cns_order order) {
    return order == CNS_GREATER || order == CNS_EQUAL;
}

/* The byte of a bool, which a C program can set to more than 0 and 1. */
static inline unsigned
cns_bool_byte(const bool *value) {
    return *(const unsigned char *)value;
}

/*
 * For structs of the application's own, what a member is; constants, and nothing is evaluated. An
 * integer fits where each value that it can have is one of `size` bytes, with sign or without.
 */
#define CNS_MEMBER(type, member) (((type *)0)->member)
#define CNS_IS_SIGNED(value)                                                                      \
    _Generic((value),                                                                             \
        char: (char)-1 < (char)1,                                                                 \
        signed char: 1,                                                                           \
        short: 1,                                                                                 \
        int: 1,                                                                                   \
        long: 1,                                                                                  \
        long long: 1,                                                                             \
        default: 0)
#define CNS_IS_UNSIGNED(value)                                                                    \
    _Generic((value),                                                                             \
        char: (char)-1 > (char)1,                                                                 \
        unsigned char: 1,                                                                         \
        unsigned short: 1,                                                                        \
        unsigned int: 1,                                                                          \
        unsigned long: 1,                                                                         \
        unsigned long long: 1,                                                                    \
        default: 0)
#define CNS_IS_INTEGER(value) (CNS_IS_SIGNED(value) || CNS_IS_UNSIGNED(value))
#define CNS_FITS_SIGNED(value, size)                                                              \
    (CNS_IS_SIGNED(value) ? sizeof(value) <= (size)                                               \
                          : CNS_IS_UNSIGNED(value) && sizeof(value) < (size))
#define CNS_FITS_UNSIGNED(value, size) (CNS_IS_UNSIGNED(value) && sizeof(value) <= (size))
#define CNS_IS_BYTE(value)                                                                        \
    _Generic((value),                                                                             \
        bool: sizeof(bool) == 1,                                                                  \
        char: 1,                                                                                  \
        signed char: 1,                                                                           \
        unsigned char: 1,                                                                         \
        default: 0)
#define CNS_IS_FLOAT(value) _Generic((value), float: 1, default: 0)
#define CNS_IS_REAL(value) _Generic((value), float: 1, double: 1, default: 0)
#define CNS_IS_CHARS(value)                                                                       \
    _Generic(&(value),                                                                            \
        char(*)[sizeof(value)]: 1,                                                                \
        signed char(*)[sizeof(value)]: 1,                                                         \
        unsigned char(*)[sizeof(value)]: 1,                                                       \
        default: 0)
#define CNS_IS_C_STRING(value)                                                                    \
    _Generic(&(value),                                                                            \
        char **: 1,                                                                               \
        const char **: 1,                                                                         \
        char *const *: 1,                                                                         \
        const char *const *: 1,                                                                   \
        default: 0)
#define CNS_IS_OF(value, type) _Generic((value), type: 1, default: 0)
#define CNS_IS_POINTER_TO(value, type) _Generic((value), type *: 1, const type *: 1, default: 0)
#define CNS_INTEGER_FORM(value) (CNS_IS_SIGNED(value) ? CNS_FORM_SIGNED : CNS_FORM_UNSIGNED)

/* Whether an integer member of type `value` can have this constant as its value. */
#define CNS_CAN_BE(value, constant)                                                               \
    ((((uintmax_t)(constant) +                                                                    \
       (CNS_IS_SIGNED(value) ? UINTMAX_C(1) << (8 * sizeof(value) - 1) : 0)) >>                   \
      (8 * sizeof(value) - 1) >> 1) == 0)

/* The bytes of a text that ends with NUL or after `most` bytes; 1 for NULL, which is unsound. */
uint32_t cns_chars_length(const char *text, uint32_t most);

/*
 * Whether floats and doubles are compared by a library, as on cores without such registers: ranges
 * are then decided on integers. Either may be defined to 0 or 1.
 */
#if defined(__arm__) && defined(__ARM_FP)
#define CNS_HAS_FLOAT ((__ARM_FP & 4) != 0)
#define CNS_HAS_DOUBLE ((__ARM_FP & 8) != 0)
#elif defined(__riscv) && defined(__riscv_flen)
#define CNS_HAS_FLOAT (__riscv_flen >= 32)
#define CNS_HAS_DOUBLE (__riscv_flen >= 64)
#elif defined(__arm__) || defined(__riscv) || defined(__mips_soft_float) || defined(_SOFT_FLOAT)
#define CNS_HAS_FLOAT 0
#define CNS_HAS_DOUBLE 0
#else
#define CNS_HAS_FLOAT 1
#define CNS_HAS_DOUBLE 1
#endif
#ifndef CNS_SOFT_FLOAT
#define CNS_SOFT_FLOAT (!CNS_HAS_FLOAT)
#endif
#ifndef CNS_SOFT_DOUBLE
#define CNS_SOFT_DOUBLE (!CNS_HAS_DOUBLE)
#endif

/*
 * Whether the key of a number is within bounds. Keys are in the order of the numbers, both zeros
 * have key 0, and those of NaN lie beyond the infinities, so that no range includes them.
 */
static inline bool
cns_float_within(float value, int32_t low, int32_t high) {
    union {
        float value;
        int32_t bits;
    } number = {value};
    int32_t key = number.bits < 0 ? INT32_MIN - number.bits : number.bits;
    return key >= low && key <= high;
}

static inline bool
cns_double_within(double value, int64_t low, int64_t high) {
    union {
        double value;
        int64_t bits;
    } number = {value};
    int64_t key = number.bits < 0 ? INT64_MIN - number.bits : number.bits;
    return key >= low && key <= high;
}

/* A range of numbers, given by keys and by the comparison that it stands for. */
#if CNS_SOFT_FLOAT
#define CNS_FLOAT_WITHIN(value, low, high, comparison) cns_float_within(value, low, high)
#else
#define CNS_FLOAT_WITHIN(value, low, high, comparison) (comparison)
#endif
#if CNS_SOFT_DOUBLE
#define CNS_DOUBLE_WITHIN(value, low, high, comparison) cns_double_within(value, low, high)
#else
#define CNS_DOUBLE_WITHIN(value, low, high, comparison) (comparison)
#endif

/* Node kinds, as a set. CNS_KIND_INVALID is the kind of a term whose tag is out of range. */
enum {
    CNS_KIND_IRI = 1,
    CNS_KIND_BLANK = 2,
    CNS_KIND_LITERAL = 4,
    CNS_KIND_INVALID = 8
};

/* Whether the term's node kind is in the set `kinds`. */
bool cns_term_kind_in(const cns_term *term, unsigned kinds);

/* Whether the term is a well-formed literal of the datatype. */
bool cns_term_has_datatype(const cns_term *term, cns_tag datatype);

/* The text with a language tag that the term is, or NULL. */
static inline const cns_langstr *
cns_term_langstr(const cns_term *term) {
    return term->tag == CNS_LANG_STRING ? &term->as.langstr : NULL;
}

/* The integer without sign of 1, 2, 4 or 8 bytes that lies at `value`, aligned or not. */
uint64_t cns_natural_at(const void *value, size_t size);

/* The value of a datatype that lies at `value`, aligned or not; no term for any other tag. */
cns_term cns_scalar_term(const void *value, uint8_t datatype);

/* A node: of an id, or blank, as the one that `record` describes. */
cns_term cns_node_term(uint32_t id, const void *record);

/* Whether the pointers of the term's text can be followed. */
bool cns_term_sound(const cns_term *term);

/* Whether the text's pointer can be followed. */
static inline bool
cns_str_sound(cns_str text) {
    return text.data != NULL || text.length == 0;
}

/*
 * Whether the text can be read and is UTF-8: no overlong forms, surrogates, code points above
 * U+10FFFF, or parts of characters.
 */
bool cns_text_valid(cns_str text);

/* The bytes of the UTF-8 character that `available` > 0 bytes begin with, 0 if it is none. */
uint32_t cns_character_length(const char *data, uint32_t available);

/* Whether the tag can be read and is of the form of xsd:language, as en or zh-Hant-TW. */
bool cns_language_valid(cns_str tag);

/* The same for both parts, and for whatever text a term holds. */
bool cns_langstr_valid(cns_langstr text);
bool cns_term_text_valid(const cns_term *term);

/*
 * Whether a language range matches the tag, as langMatches of SPARQL: basic filtering of RFC 4647,
 * where `*` matches any tag that is not empty and en also matches en-GB. ASCII case is ignored.
 */
bool cns_language_matches(cns_str tag, cns_str range);

/* Whether the text has at least `min` and at most `max` code points; reads no more than needed. */
bool cns_str_length_within(cns_str text, uint32_t min, uint32_t max);

/* The same for `length` bytes of text; calls nothing where the number of bytes decides. */
static inline bool
cns_text_within(const char *data, uint32_t length, uint32_t min, uint32_t max) {
    bool enough = min == 0 || (min == 1 && length != 0 && ((unsigned char)data[0] & 0xC0) != 0x80);
    cns_str text = {data, length};
    return (enough && length <= max) || cns_str_length_within(text, min, max);
}

/*
 * An automaton over characters that finds a regular expression. A state is a number: those from
 * `accepting` on match a text that ends there, `live` never matches and `live` + 1 always does, so
 * reading stops there. The state after a character of class c is next[c * live + state].
 *
 * ASCII characters from `first` on have the `count` classes of `classes`, others class 0. Beyond
 * ASCII a character is looked up in `ranges`, which are in order: their classes are in
 * `range_classes`, or all of them are of class `within` where that is NULL; what is in none is of
 * class `beyond`.
 */
typedef struct cns_pattern {
    const void *next; /* uint8_t, or uint16_t where live + 2 > 256 */
    const uint8_t *classes;
    const uint32_t *ranges;
    const uint8_t *range_classes;
    uint16_t range_count;
    uint16_t start;
    uint16_t live;
    uint16_t accepting;
    uint8_t first;
    uint8_t count;
    uint8_t beyond;
    uint8_t within;
    uint8_t stored; /* 1 where it lies in an image: 16 and 32 bits are little-endian */
} cns_pattern;

/* A range of at most 2048 characters, as cns_pattern.ranges has it. */
#define CNS_RANGE(first, last) ((uint32_t)(first) << 11 | (uint32_t)((last) - (first)))

/* Whether the pattern is found in `length` bytes of UTF-8; reads each byte once at most. */
bool cns_pattern_matches(const cns_pattern *pattern, const char *data, uint32_t length);

/* ---- Lexical forms ------------------------------------------------------------------------ */

/* The most bytes that the canonical form of a value has. */
#define CNS_LEXICAL_SIZE 51

/*
 * The canonical lexical form of a value in XML Schema 1.1, as in 2.5E0 and P1DT12H: in `buffer` of
 * CNS_LEXICAL_SIZE bytes or in a constant, and without a NUL. Values that the datatype lacks have
 * the form "invalid"; whether an integer is within its datatype plays no part. A bool is given by
 * its byte.
 */
cns_str cns_boolean_text(unsigned byte);
cns_str cns_integer_text(int64_t value, char *buffer);
cns_str cns_natural_text(uint64_t value, char *buffer);
cns_str cns_float_text(float value, char *buffer);
cns_str cns_double_text(double value, char *buffer);
cns_str cns_decimal_text(cns_decimal value, char *buffer);
cns_str cns_datetime_text(cns_datetime value, cns_tag datatype, char *buffer);
cns_str cns_duration_text(cns_duration value, cns_tag datatype, char *buffer);

/*
 * The text of a term, in its own bytes or in `buffer` of CNS_LEXICAL_SIZE bytes: the lexical form
 * of a literal, the IRI urn:cns:id:N of a node with id N; empty where there is no such text.
 */
cns_str cns_term_text(const cns_term *term, char *buffer);

/* ---- Pools -------------------------------------------------------------------------------- */

/*
 * Equal items in storage of the caller's, taken and given back in constant time. A pool serves one
 * thread and no interrupt handler. The storage, an array of uint64_t, holds the items, each
 * a multiple of 8 bytes, then one link per item, so that an item that overruns damages a
 * neighbour before it damages the links.
 */
typedef struct cns_pool {
    unsigned char *items;
    uint16_t *links;    /* per item: the free one after it, or a mark that it is taken */
    uint32_t item_size; /* in bytes, as asked for */
    uint32_t stride;    /* in bytes, as laid out */
    uint32_t refused;
    uint16_t capacity;
    uint16_t first; /* the free item that is taken next */
    uint16_t in_use;
    uint16_t high_water;
} cns_pool;

/* How a pool was used since it was made. */
typedef struct cns_pool_stats {
    uint32_t capacity;   /* items */
    uint32_t in_use;     /* items taken now */
    uint32_t high_water; /* most items taken at a time */
    uint32_t refused;    /* calls that found too few free items; stays at UINT32_MAX */
} cns_pool_stats;

/* The most items that one pool can have. */
#define CNS_POOL_MAX_CAPACITY 65534u

/* Default capacities, in items; a scratch buffer is an item of CNS_SCRATCH_SIZE bytes. */
#ifndef CNS_SIGNAL_CAPACITY
#define CNS_SIGNAL_CAPACITY 1024u
#endif
#ifndef CNS_RESULT_CAPACITY
#define CNS_RESULT_CAPACITY 1024u
#endif
#ifndef CNS_SCRATCH_CAPACITY
#define CNS_SCRATCH_CAPACITY 64u
#endif
#ifndef CNS_SCRATCH_SIZE
#define CNS_SCRATCH_SIZE 4096u
#endif

/* The bytes of a pooled result that has storage for `violations` violations. */
#define CNS_RESULT_SIZE(violations)                                                               \
    (sizeof(cns_result) + (size_t)(violations) * sizeof(cns_violation))

/* The length of a pool's storage: static uint64_t storage[CNS_POOL_WORDS(item_size, capacity)]; */
#define CNS_POOL_WORDS(item_size, capacity)                                                       \
    ((size_t)(capacity) * (((size_t)(item_size) + 7u) / 8u) +                                     \
     ((size_t)(capacity) * sizeof(uint16_t) + 7u) / 8u)

/* Makes a pool of `capacity` items of `item_size` bytes, none of them taken. */
cns_status cns_pool_init(cns_pool *pool, uint64_t *storage, size_t words, size_t item_size,
                         size_t capacity);

/* Takes a free item, with bytes of any value; CNS_NO_SPACE, and *item unchanged, without one. */
cns_status cns_pool_take(cns_pool *pool, void **item);

/* Gives an item back; CNS_BAD_ARGUMENT when it is not of this pool or not taken. */
cns_status cns_pool_give(cns_pool *pool, void *item);

/* The same for `count` items: for all of them, or on failure for none. */
cns_status cns_pool_take_batch(cns_pool *pool, void **items, size_t count);
cns_status cns_pool_give_batch(cns_pool *pool, void *const *items, size_t count);

cns_pool_stats cns_pool_statistics(const cns_pool *pool);

/* Takes a signal from a pool of items of sizeof(cns_signal); all its members are 0. */
cns_status cns_signal_take(cns_pool *pool, cns_signal **signal);

/* Takes a result, with its own violations, from a pool of items of CNS_RESULT_SIZE(n). */
cns_status cns_result_take(cns_pool *pool, cns_result **result);

/* ---- Layout: where the members of records lie -------------------------------------------- */

/* The offset of a member that a record does not have. */
#define CNS_NO_MEMBER UINT32_MAX

/* The index of no record. */
#define CNS_NO_RECORD UINT16_MAX

/* Values of one type in memory. What is none of the type, such as enumerator 0, is invalid. */
typedef struct cns_value_layout {
    cns_type type;     /* of a CNS_FORM_TERM, `terms` are the tags that are valid; none is: all */
    uint32_t size;     /* of one value, in bytes */
    uint16_t offset;   /* of the items of a list, of the bytes of an inline text */
    uint16_t inner;    /* what may describe a node: index of a record or CNS_NO_RECORD;
                          what the items of a list are: index of a value layout */
    uint16_t capacity; /* of a list, in items; of an inline text, in bytes */
    uint8_t invalid;   /* what is invalid denotes an IRI: CNS_NODE; a literal: CNS_TYPED */
} cns_value_layout;

/* A property of a record: one member, or an array and its uint16_t count. */
typedef struct cns_field_layout {
    uint32_t offset;   /* of the value or the array; CNS_NO_MEMBER when the capacity is 0 */
    uint32_t presence; /* k, where the capacity is 1: bit k % 32 of word k / 32 of `has`; else
                          the offset of the count */
    uint16_t property; /* the id of its IRI; 0 in models without `layout` */
    uint16_t value;    /* index of a value layout */
    uint16_t capacity;
} cns_field_layout;

/* A struct. */
typedef struct cns_record_layout {
    uint32_t size;        /* in bytes */
    uint32_t has;         /* offsets of these members, or CNS_NO_MEMBER */
    uint32_t id;          /* of the focus node */
    uint32_t class_id;    /* 0 stands for `type` */
    uint32_t type;        /* the id of the class that the struct fixes, or 0 */
    uint16_t class_count; /* what class_id may be besides 0; any id when there are none */
    uint16_t field_count;
    uint16_t circle; /* a number that records share which can contain each other, or 0 */
    const uint16_t *classes;
    const cns_field_layout *fields;
    bool (*sound)(const void *record); /* whether it can be read, in models that run images; NULL:
                                          it always can */
} cns_record_layout;

/* All records of a model: its header numbers them, M_LAYOUT_…. */
typedef struct cns_layout {
    const cns_model *model;
    const cns_record_layout *records;
    const cns_value_layout *values;
    uint16_t record_count;
    uint16_t value_count;
    uint32_t depth;       /* the most records of one circle inside each other */
    uint32_t fingerprint; /* of all that images rely on: records, values, and the ids of terms */
    const void *empty;    /* zeros, as many as the largest record or value has bytes */
} cns_layout;

/* ---- Bytecode: shapes as data ------------------------------------------------------------- */

/* A register of the machine that runs bytecode: a place, or a number. */
typedef struct cns_register {
    const void *at; /* a record, or a value */
    union {
        const cns_record_layout *record;
        const cns_value_layout *value;
    } as;
    union {
        uint32_t number;
        struct {
            uint16_t index; /* of a cursor: which of the values it stands at */
            uint16_t count; /* of how many */
        } of;
    } n;
} cns_register;

/* Why an image is refused: enumerator, and what people read. */
#define CNS_REASONS(X)                                                                            \
    X(ACCEPTED, "accepted")                                                                       \
    X(TRUNCATED, "it is shorter than it says")                                                    \
    X(MAGIC, "it is no image")                                                                    \
    X(VERSION, "its format is of another version")                                                \
    X(ISA, "it is for another instruction set")                                                   \
    X(LAYOUT, "it is for records that lie otherwise")                                             \
    X(CHECKSUM, "its checksum is wrong: it is damaged")                                           \
    X(SECTION, "a section does not fit into it")                                                  \
    X(ENTRY, "a record has no such function")                                                     \
    X(FUNCTION, "a function does not fit into the code, or its type is none")                     \
    X(OPCODE, "no such instruction")                                                              \
    X(OPERAND, "an operand is out of range")                                                      \
    X(REGISTER, "a register holds nothing of this type here")                                     \
    X(SLOT, "no such field, or it has more values than one")                                      \
    X(CONSTANT, "no such constant, or it is malformed")                                           \
    X(JUMP, "a jump leads out of the function, or into a loop")                                   \
    X(LOOP, "a loop is not bounded by one cursor")                                                \
    X(FLOW, "a function can run past its end")                                                    \
    X(CALL, "a call leads to no such function, or back without an end")                           \
    X(CHECK, "no such check")                                                                     \
    X(REPORTS, "an instruction decides about others than REPORT")                                 \
    X(STEPS, "it can take more steps than it says, or than are allowed")                          \
    X(REGISTERS, "it needs more registers than there are")                                        \
    X(SCRATCH, "there is too little memory to verify it")

typedef enum cns_reason {
#define CNS_X(name, text) CNS_REASON_##name,
    CNS_REASONS(CNS_X)
#undef CNS_X
    CNS_REASON_COUNT
} cns_reason;

/* What is wrong with an image, and at which word of it. */
typedef struct cns_fault {
    cns_reason reason;
    uint32_t offset; /* in words */
} cns_fault;

/* A part of an image: where it begins, and its length, in words. */
typedef struct cns_section {
    uint32_t start;
    uint32_t length;
} cns_section;

/* The sections of an image, in the order in which they lie. */
#define CNS_SECTIONS(X)                                                                           \
    X(ENTRIES, entries)                                                                           \
    X(FUNCTIONS, functions)                                                                       \
    X(CODE, code)                                                                                 \
    X(CHECKS, checks)                                                                             \
    X(PATHS, paths)                                                                               \
    X(PATTERNS, patterns)                                                                         \
    X(ENUMS, enums)                                                                               \
    X(CONSTANTS, constants)                                                                       \
    X(TEXTS, texts)

/* A word of an image in the source of a program: little-endian, whatever the machine is. */
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define CNS_WORD(word)                                                                            \
    ((uint32_t)(word) >> 24 | ((uint32_t)(word) >> 8 & 0xFF00u) |                                 \
     ((uint32_t)(word) << 8 & 0xFF0000u) | (uint32_t)(word) << 24)
#else
#define CNS_WORD(word) ((uint32_t)(word))
#endif

/* What an embedder allows images. */
typedef struct cns_limits {
    cns_register *registers; /* memory of the machine; images that do not run at the same time may
                                share it */
    uint16_t register_count;
    uint32_t steps; /* the most steps that a record may take; 0: as many as the image says */
} cns_limits;

/* An image that is loaded. Signals are dispatched to its model, which refers to it. */
typedef struct cns_image {
    cns_model model;
    const cns_layout *layout;
    const uint32_t *words; /* the image itself: it has to stay where it is, unchanged */
    cns_limits limits;
#define CNS_X(name, member) cns_section member;
    CNS_SECTIONS(CNS_X)
#undef CNS_X
    uint32_t function_count;
    uint8_t report; /* 0: all violations, 1: the first, 2: only the verdict */
} cns_image;

/* The length of the memory that verifying needs, for the longest function of an image, or for the
   number of its functions where that is more. */
#define CNS_VERIFY_SCRATCH(words) (2u * (size_t)(words))

/*
 * Verifies an image of `count` words and makes *image of it. `scratch` is only used during the
 * call: CNS_VERIFY_SCRATCH(n) numbers, n the words of its longest function or the number of its
 * functions (or the words of all of it).
 * CNS_BAD_IMAGE, with *image unchanged and the reason in *fault, for one that is refused. An
 * image that is accepted reads, of records that are sound, nothing but what they hold, and takes
 * at most the steps that it says. `fault` may be NULL.
 */
cns_status cns_image_load(cns_image *image, const cns_layout *layout, const uint32_t *words,
                          size_t count, const cns_limits *limits, uint16_t *scratch,
                          size_t scratch_count, cns_fault *fault);

/*
 * The most steps that an image takes for a record, by its number M_LAYOUT_…; 0: nothing to do.
 * UINT32_MAX, of recursive shapes alone, stands for as many or more: a run that calls back after
 * half as many ends with CNS_NO_SPACE.
 */
uint32_t cns_image_steps(const cns_image *image, uint16_t record);

/* Runs the image behind result->model over a record, by its number: what handlers do. */
cns_status cns_image_run(uint16_t record, const void *data, cns_result *result);

/* The words for a reason. */
const char *cns_reason_text(cns_reason reason);

/* The rules of the optimizer, and what each takes away. */
#define CNS_RULES(X)                                                                              \
    X(LOADS, "places that a register holds already")                                              \
    X(TRUTHS, "tests of which the outcome is known")                                              \
    X(MOVES, "moves, by reading where they read")                                                 \
    X(DEAD, "registers and flags that are not read")                                              \
    X(NEGATIONS, "turned flags, by turning the jump")                                             \
    X(THREADS, "jumps to jumps, and to the next instruction")                                     \
    X(UNREACHABLE, "code that nothing leads to")                                                  \
    X(BRANCHES, "jumps on a flag, by tests that leave out an instruction")                        \
    X(FIELDS, "what is asked or said of one field, by one instruction")                           \
    X(CHECKS, "what decides about reports for one field, by one instruction")

typedef enum cns_rule {
#define CNS_X(name, text) CNS_RULE_##name,
    CNS_RULES(CNS_X)
#undef CNS_X
    CNS_RULE_COUNT
} cns_rule;

/* What the optimizer did. */
typedef struct cns_optimized {
    uint32_t before; /* words of code */
    uint32_t after;
    uint32_t rounds;
    uint32_t removed[CNS_RULE_COUNT]; /* words, by rule */
} cns_optimized;

/* The length of the memory that optimizing needs, for the longest function of an image. */
#define CNS_OPTIMIZE_SCRATCH(words) (4u * (size_t)(words))

/*
 * Optimizes an image of *count words in place: it reports the same as before, and no record takes
 * more steps. *count becomes the words that it has then, *done, which may be NULL, what was done.
 * `scratch` is only used during the call: CNS_OPTIMIZE_SCRATCH(n) numbers, n the words of its
 * longest function. Nothing is changed for a CNS_BAD_IMAGE, which cns_image_load would refuse, nor
 * for a CNS_NO_SPACE: too little scratch. The image must not be in use.
 */
cns_status cns_image_optimize(const cns_layout *layout, uint32_t *words, size_t *count,
                              uint16_t *scratch, size_t scratch_count, cns_optimized *done);

/* ---- Records as RDF ----------------------------------------------------------------------- */

/* Takes text of `length` bytes; returns how many it took: fewer than all of them end the call. */
typedef size_t (*cns_write)(void *to, const char *text, size_t length);

/* How records become N-Triples. All members but the layout may be 0. */
typedef struct cns_denoter {
    const cns_layout *layout; /* of a model with texts: `strings: 'full'` */
    /* The IRI of an id that is none of the model's, without brackets, until the next call; where
       it is NULL, or its text is at NULL, the IRI is urn:cns:id:N. */
    cns_str (*iri)(void *names, uint32_t id);
    void *names;
    const char *label; /* what labels of blank nodes begin with: letters and digits; NULL is "b" */
} cns_denoter;

/*
 * Writes the graph that a record denotes (docs/records.md) as N-Triples, each triple once: those
 * of record number `record`, a constant M_LAYOUT_… of the header. Equal records give equal text.
 * Nothing is written for a CNS_BAD_RECORD, which is one that a handler would refuse, or one with a
 * language tag that is none; nor for a CNS_BAD_ARGUMENT: no such record, or a model without texts.
 * CNS_NO_SPACE: `write` took less than it was given, or nodes are nested too deep:
 * more than CNS_DENOTE_DEPTH levels, lists among them.
 */
cns_status cns_denote(const cns_denoter *how, uint16_t record, const void *data, cns_write write,
                      void *to);

/*
 * The same into a buffer, with a NUL at its end. *length is what the text has without it, also
 * for CNS_NO_SPACE, which leaves an empty text: when it is not below `size`.
 */
cns_status cns_denote_text(const cns_denoter *how, uint16_t record, const void *data, char *buffer,
                           size_t size, size_t *length);

/* Levels of nodes below each other; the stack has two frames for each. */
#ifndef CNS_DENOTE_DEPTH
#define CNS_DENOTE_DEPTH (UINTPTR_MAX > UINT32_MAX ? 64 : 16)
#endif

/* ---- Traces ------------------------------------------------------------------------------- */

/*
 * The last signals and what was answered: a ring of 32-byte entries in storage of the caller's, in
 * which the oldest make way for new ones and are counted. A signal takes an entry before its
 * handler runs, one for the verdict and one for each violation in the result. A trace serves one
 * thread and no interrupt handler, never waits, and holds nothing that points into a record. `cnsc
 * decode` reads the dump; a copy of the storage is one too, taken by a debugger or after a reset.
 */
typedef struct cns_trace {
    uint32_t *words;   /* header and entries; trace.c describes them */
    uint32_t capacity; /* entries */
} cns_trace;

/* The length of a trace's storage: static uint32_t storage[CNS_TRACE_WORDS(entries)]; */
#define CNS_TRACE_WORDS(entries) (8u + 8u * (size_t)(entries))

/* Makes an empty trace; CNS_BAD_ARGUMENT when there is not space for one entry. */
cns_status cns_trace_init(cns_trace *trace, uint32_t *storage, size_t words);

/* cns_dispatch, traced; a `trace` of NULL records nothing. Models may take turns in one trace. */
cns_status cns_trace_dispatch(cns_trace *trace, const cns_model *model, const cns_signal *signal,
                              cns_result *result);

/* Traces the answer of a handler that was called without a signal, while its record is valid. */
cns_status cns_trace_result(cns_trace *trace, const cns_result *result);

/* Writes the dump in one piece; CNS_NO_SPACE when `write` took less. The trace stays as it is. */
cns_status cns_trace_dump(const cns_trace *trace, cns_write write, void *to);

/* ---- For people --------------------------------------------------------------------------- */

/* The type of the value that a violation reports, or NULL when it reports none. */
const cns_type *cns_violation_type(const cns_model *model, const cns_violation *violation);

/*
 * The reported value as a term; tag CNS_NONE when the constraint is about a set of values, and for
 * a number that is no enumerator. An enumerator is a node of its term id, also where that term is
 * a literal; a list is a blank node.
 */
cns_term cns_violation_value(const cns_model *model, const cns_violation *violation);

/*
 * Writes one line of text, without newline and always terminated: what broke, and why, as in
 *     violation: ex:temperature 130.5: must be at most 85 [sh:maxInclusive in ex:ReadingShape]
 * and, from a model without texts, violation: 130.5: check 17 [sh:maxInclusive]. What explains
 * another violation begins with two spaces and `because`.
 * Returns the bytes that the whole line has; it was cut when that is not below `size`, a long
 * value first, each cut marked by an ellipsis. What is written is UTF-8 without control
 * characters.
 */
size_t cns_violation_format(const cns_model *model, const cns_violation *violation, char *buffer,
                            size_t size);

/* The word for a status, "done" for CNS_OK. */
const char *cns_status_text(cns_status status);

#ifdef __cplusplus
}
#endif

#endif
