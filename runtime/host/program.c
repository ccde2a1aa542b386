/* SPDX-License-Identifier: Apache-2.0 */
/* The loader of graph programs: what it accepts refers to nothing that is not there. */
#include "program.h"

#include <stdlib.h>
#include <string.h>

#include "../image.h"
#include "../operands.h"
#include "../verify.h"
#include "rules.h"
#include "terms.h"

/* Ends a function with a refusal, unless the condition holds. */
#define DEMAND_THAT(holds, refusal)                                                               \
    do {                                                                                          \
        if (!(holds)) {                                                                           \
            return (refusal);                                                                     \
        }                                                                                         \
    } while (0)

/* Hands a refusal on. */
#define ACCEPT(call)                                                                              \
    do {                                                                                          \
        cns_refusal refused = (call);                                                             \
        if (refused != NULL) {                                                                    \
            return refused;                                                                       \
        }                                                                                         \
    } while (0)

enum {
    WORD_MAGIC,
    WORD_VERSION,
    WORD_FINGERPRINT,
    WORD_SIZE,
    WORD_CHECKSUM,
    WORD_SECTIONS
};

/* ---- The frame ---------------------------------------------------------------------------- */

static uint32_t
checksum(const unsigned char *bytes, size_t size) {
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < size; i++) {
        if (i / 4 == WORD_CHECKSUM) {
            continue;
        }
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (0xEDB88320u & (0u - (crc & 1u)));
        }
    }
    return ~crc;
}

/* Gives each section its words. */
static cns_refusal
divide(cns_program *program) {
    const uint32_t *lengths = program->words + WORD_SECTIONS;
    uint32_t left = program->words[WORD_SIZE] - CNS_PROGRAM_HEADER;
    const uint32_t *at = program->words + CNS_PROGRAM_HEADER;
    cns_words *const sections[] = {
#define CNS_X(name) &program->name,
        CNS_PROGRAM_SECTIONS(CNS_X)
#undef CNS_X
    };
    for (uint32_t i = 0; i < CNS_PROGRAM_SECTION_COUNT; i++) {
        DEMAND_THAT(lengths[i] <= left, "a section is longer than the program");
        sections[i]->at = at;
        sections[i]->length = lengths[i];
        at += lengths[i];
        left -= lengths[i];
    }
    DEMAND_THAT(left == 0, "the program is longer than its sections");
    return NULL;
}

/* Turns words into those of this machine, but for bytes and patterns, which are read as stored. */
static void
turn(cns_program *program) {
    uint32_t *const words = program->words;
    const uint32_t *const texts = program->texts.at;
    const uint32_t *const patterns = program->patterns.at;
    for (uint32_t i = CNS_PROGRAM_HEADER; i < words[WORD_SIZE]; i++) {
        const uint32_t *word = words + i;
        bool stored = (word >= texts && word < texts + program->texts.length) ||
                      (word >= patterns && word < patterns + program->patterns.length);
        if (!stored) {
            words[i] = cns_word(words[i]);
        }
    }
}

static cns_refusal
read_frame(cns_program *program, const void *bytes, size_t size) {
    DEMAND_THAT(size % 4 == 0 && size >= 4 * (size_t)CNS_PROGRAM_HEADER &&
                    size / 4 <= UINT32_MAX / 4,
                "it is no graph program: its size is wrong");
    program->words = malloc(size);
    DEMAND_THAT(program->words != NULL, "not enough memory");
    memcpy(program->words, bytes, size);
    for (uint32_t i = 0; i < CNS_PROGRAM_HEADER; i++) {
        program->words[i] = cns_word(program->words[i]);
    }
    const uint32_t *words = program->words;
    DEMAND_THAT(words[WORD_MAGIC] == CNS_PROGRAM_MAGIC, "it is no graph program");
    DEMAND_THAT(words[WORD_VERSION] == CNS_PROGRAM_VERSION,
                "its format is of another version: compile the shapes again");
    DEMAND_THAT(words[WORD_FINGERPRINT] == CNS_PROGRAM_FINGERPRINT,
                "it is for another version of cns: compile the shapes again");
    DEMAND_THAT(words[WORD_SIZE] == size / 4, "it is shorter or longer than it says");
    DEMAND_THAT(words[WORD_CHECKSUM] == checksum(bytes, size), "its checksum is wrong");
    ACCEPT(divide(program));
    turn(program);
    return NULL;
}

/* ---- Terms and pairs ---------------------------------------------------------------------- */

static bool
is_term(const cns_program *program, uint32_t number) {
    return number - 1 < cns_program_terms(program);
}

static const uint32_t *
term_row(const cns_program *program, uint32_t number) {
    return program->terms.at + (size_t)(number - 1) * CNS_TERM_WORDS;
}

static bool
is_kind(const cns_program *program, uint32_t number, uint32_t kind) {
    return is_term(program, number) && term_row(program, number)[0] == kind;
}

static cns_refusal
verify_terms(const cns_program *program) {
    DEMAND_THAT(program->terms.length % CNS_TERM_WORDS == 0, "its terms are cut off");
    uint64_t bytes = (uint64_t)program->texts.length * 4;
    for (uint32_t number = 1; number <= cns_program_terms(program); number++) {
        const uint32_t *row = term_row(program, number);
        DEMAND_THAT((uint64_t)row[1] + row[2] <= bytes, "a text lies beyond its texts");
        const char *text = (const char *)program->texts.at + row[1];
        cns_str held = {text, row[2]};
        DEMAND_THAT(cns_text_valid(held), "a text is not UTF-8");
        switch (row[0]) {
        case CNS_KIND_IRI:
        case CNS_KIND_BLANK:
        case CNS_ENTRY_TAG:
            DEMAND_THAT(row[3] == 0 && row[4] == 0, "a term has a datatype and is no literal");
            break;
        case CNS_KIND_LITERAL:
            DEMAND_THAT(row[3] < number && is_kind(program, row[3], CNS_KIND_IRI),
                        "a datatype is no IRI in front of the literal");
            DEMAND_THAT(row[4] == 0 ||
                            (row[4] < number && is_kind(program, row[4], CNS_ENTRY_TAG)),
                        "a language is no tag in front of the literal");
            break;
        default:
            return "a term is of no kind";
        }
    }
    return NULL;
}

static cns_refusal
verify_pairs(const cns_program *program, cns_words pairs) {
    DEMAND_THAT(pairs.length % 2 == 0, "a pair of terms is cut off");
    for (uint32_t i = 0; i < pairs.length; i++) {
        DEMAND_THAT(is_term(program, pairs.at[i]), "a pair names no term");
    }
    return NULL;
}

static cns_refusal
verify_names(const cns_program *program) {
    const uint32_t bits = CNS_READ_OUT | CNS_READ_IN | CNS_READ_RULES;
    const uint32_t of_all = CNS_READ_ALL | CNS_READ_KEEP;
    cns_words read = program->read;
    DEMAND_THAT(read.length % CNS_READ_WORDS == 0, "what it reads is cut off");
    for (uint32_t i = 0; i < read.length; i += CNS_READ_WORDS) {
        bool all = read.at[i] == 0 && (read.at[i + 1] & ~of_all) == 0;
        DEMAND_THAT(all || (is_term(program, read.at[i]) && (read.at[i + 1] & ~bits) == 0),
                    "what it reads is no predicate");
    }
    for (uint32_t i = 0; i < program->classes.length; i++) {
        DEMAND_THAT(is_term(program, program->classes.at[i]), "a class is no term");
    }
    ACCEPT(verify_pairs(program, program->hierarchy));
    return verify_pairs(program, program->instances);
}

/* ---- Paths -------------------------------------------------------------------------------- */

/* What the steps of a path do to the number of sets. */
typedef struct walk {
    uint32_t sets;
    uint32_t levels;
    struct {
        uint32_t at, sets;
    } begun[CNS_MAX_LEVELS];
} walk;

static cns_refusal
verify_step(const cns_program *program, uint32_t at, walk *now) {
    uint32_t word = program->steps.at[at], operand = cns_operand_of(word);
    switch (cns_opcode_of(word)) {
    case CNS_STEP_OUT:
    case CNS_STEP_BACK:
        DEMAND_THAT(is_term(program, operand), "a step follows no predicate");
        return NULL;
    case CNS_STEP_FORK:
        now->sets++;
        return NULL;
    case CNS_STEP_SWAP:
    case CNS_STEP_JOIN:
        DEMAND_THAT(now->sets >= 2 &&
                        (now->levels == 0 || now->sets >= now->begun[now->levels - 1].sets + 1),
                    "a step needs two sets");
        now->sets -= cns_opcode_of(word) == CNS_STEP_JOIN ? 1 : 0;
        return NULL;
    case CNS_STEP_STAR:
    case CNS_STEP_PLUS:
        DEMAND_THAT(now->levels < CNS_MAX_LEVELS,
                    "a path repeats too many steps inside each other");
        now->begun[now->levels].at = at;
        now->begun[now->levels].sets = now->sets;
        now->levels++;
        return NULL;
    case CNS_STEP_AGAIN:
        DEMAND_THAT(now->levels > 0, "a step is repeated that was not begun");
        now->levels--;
        DEMAND_THAT(now->begun[now->levels].sets == now->sets &&
                        operand == at - now->begun[now->levels].at - 1 && operand > 0,
                    "a step is repeated from where it does not begin");
        return NULL;
    default:
        return "a step is none";
    }
}

static cns_refusal
verify_path(cns_program *program, uint32_t start, uint32_t length) {
    walk now;
    now.sets = 1;
    now.levels = 0;
    DEMAND_THAT(start <= program->steps.length && length <= program->steps.length - start,
                "a path lies beyond its steps");
    for (uint32_t at = start; at < start + length; at++) {
        ACCEPT(verify_step(program, at, &now));
        program->sets = now.sets > program->sets ? now.sets : program->sets;
        program->levels = now.levels > program->levels ? now.levels : program->levels;
    }
    DEMAND_THAT(now.sets == 1 && now.levels == 0, "a path does not end with one set");
    return NULL;
}

static cns_refusal
verify_paths(cns_program *program) {
    cns_words paths = program->paths;
    DEMAND_THAT(paths.length % 2 == 0, "its paths are cut off");
    program->sets = 1;
    program->levels = 0;
    for (uint32_t i = 0; i < paths.length; i += 2) {
        ACCEPT(verify_path(program, paths.at[i], paths.at[i + 1]));
    }
    return NULL;
}

static cns_refusal
load_patterns(cns_program *program) {
    cns_image image;
    memset(&image, 0, sizeof image);
    image.words = program->patterns.at;
    image.patterns.length = program->patterns.length;
    DEMAND_THAT(cns_verify_patterns(&image).reason == CNS_REASON_ACCEPTED, "a pattern is wrong");
    uint32_t count = image.patterns.length > 0 ? cns_word(image.words[0]) : 0;
    program->pattern_tables = calloc((size_t)count + 1, sizeof *program->pattern_tables);
    DEMAND_THAT(program->pattern_tables != NULL, "not enough memory");
    for (uint32_t i = 0; i < count; i++) {
        program->pattern_tables[i] = cns_pattern_of(&image, i);
    }
    return NULL;
}

/* ---- Shapes ------------------------------------------------------------------------------- */

static const char *const operand_letters[256] = {
#define CNS_X(name, number, operands, meaning) [number] = operands,
    CNS_CONSTRAINTS(CNS_X)
#undef CNS_X
};

static uint32_t
pattern_count(const cns_program *program) {
    return program->patterns.length > 0 ? cns_word(program->patterns.at[0]) : 0;
}

/* Whether an operand names something of the kind that its letter says. */
static bool
fits(const cns_program *program, char letter, uint32_t operand) {
    switch (letter) {
    case 'T':
    case 'P':
        return is_term(program, operand);
    case 'C':
        return operand < program->classes.length;
    case 'K':
        return operand <= (CNS_KIND_IRI | CNS_KIND_BLANK | CNS_KIND_LITERAL);
    case 'L':
        return operand < pattern_count(program);
    case 'S':
        return operand < cns_program_shapes(program);
    default:
        return true;
    }
}

/* The nesting of shapes while they are verified, from the last one on. */
typedef struct nesting {
    uint32_t *levels;
    uint32_t shape;
} nesting;

/* The letter of an operand, or 0 where the constraint has no such one. */
static char
letter_of(const char *letters, uint32_t index) {
    size_t named = strcspn(letters, "*+");
    if (index < named) {
        return letters[index];
    }
    return letters[named] != 0 ? letters[named - 1] : 0;
}

static bool
has_enough(const char *letters, uint32_t count) {
    size_t named = strcspn(letters, "*+");
    return count >= named - (letters[named] == '*' ? 1 : 0);
}

static void
nest(cns_program *program, nesting *nested, uint32_t inner) {
    if (inner <= nested->shape) {
        program->recursive = true;
    } else if (nested->levels[inner] + 1 > nested->levels[nested->shape]) {
        nested->levels[nested->shape] = nested->levels[inner] + 1;
    }
}

static cns_refusal
verify_operands(cns_program *program, const uint32_t *at, nesting *nested) {
    const char *letters = operand_letters[cns_opcode_of(at[0])];
    const uint32_t *operands = at + CNS_CONSTRAINT_WORDS;
    uint32_t count = cns_operand_of(at[0]);
    DEMAND_THAT(letters != NULL, "a constraint is none");
    DEMAND_THAT(has_enough(letters, count), "a constraint has too few operands");
    for (uint32_t i = 0; i < count; i++) {
        char letter = letter_of(letters, i);
        DEMAND_THAT(letter != 0, "a constraint has too many operands");
        DEMAND_THAT(fits(program, letter, operands[i]), "an operand names nothing");
        if (letter == 'S') {
            nest(program, nested, operands[i]);
        }
    }
    return NULL;
}

static bool
ascends(const uint32_t *at, uint32_t count) {
    for (uint32_t i = 1; i < count; i++) {
        if (at[i - 1] >= at[i]) {
            return false;
        }
    }
    return true;
}

static cns_refusal
verify_code(cns_program *program, nesting *nested) {
    cns_shape shape = cns_program_shape(program, nested->shape);
    for (const uint32_t *at = shape.code; at < shape.end;) {
        size_t left = (size_t)(shape.end - at);
        DEMAND_THAT(left >= CNS_CONSTRAINT_WORDS, "a constraint is cut off");
        uint32_t count = cns_operand_of(at[0]), opcode = cns_opcode_of(at[0]);
        DEMAND_THAT(count <= left - CNS_CONSTRAINT_WORDS, "the operands are cut off");
        DEMAND_THAT(at[1] < program->checks.length && program->checks.at[at[1]] == nested->shape,
                    "a check is not of its shape");
        ACCEPT(verify_operands(program, at, nested));
        DEMAND_THAT((opcode != CNS_CONSTRAINT_IN && opcode != CNS_CONSTRAINT_CLOSED) ||
                        ascends(at + CNS_CONSTRAINT_WORDS, count),
                    "terms of a set do not ascend");
        at += CNS_CONSTRAINT_WORDS + count;
    }
    program->nesting = nested->levels[nested->shape] > program->nesting
                           ? nested->levels[nested->shape]
                           : program->nesting;
    DEMAND_THAT(program->nesting <= CNS_MAX_NESTING, "shapes nest too deeply");
    return NULL;
}

static cns_refusal
verify_all_code(cns_program *program, nesting *nested) {
    for (nested->shape = cns_program_shapes(program); nested->shape-- > 0;) {
        const uint32_t *row = program->shapes.at + (size_t)nested->shape * CNS_SHAPE_WORDS;
        DEMAND_THAT(is_term(program, row[0]), "a shape is no term");
        DEMAND_THAT(row[1] == CNS_NO_PATH || row[1] < program->paths.length / 2,
                    "a shape has no path");
        DEMAND_THAT(row[2] <= program->code.length && row[3] <= program->code.length - row[2],
                    "a shape lies beyond the code");
        ACCEPT(verify_code(program, nested));
    }
    return NULL;
}

static cns_refusal
verify_shapes(cns_program *program) {
    DEMAND_THAT(program->shapes.length % CNS_SHAPE_WORDS == 0, "its shapes are cut off");
    program->nesting = 0;
    program->recursive = false;
    nesting nested;
    nested.levels = calloc((size_t)cns_program_shapes(program) + 1, sizeof *nested.levels);
    DEMAND_THAT(nested.levels != NULL, "not enough memory");
    cns_refusal refused = verify_all_code(program, &nested);
    free(nested.levels);
    return refused;
}

static cns_refusal
verify_targets(const cns_program *program) {
    cns_words targets = program->targets;
    DEMAND_THAT(targets.length % CNS_TARGET_WORDS == 0, "its targets are cut off");
    uint32_t before = 0;
    for (uint32_t i = 0; i < targets.length; i += CNS_TARGET_WORDS) {
        const uint32_t *row = targets.at + i;
        DEMAND_THAT(row[0] < cns_program_shapes(program) && row[0] >= before,
                    "a target is of no shape");
        uint32_t kind = row[1] & ~(uint32_t)CNS_TARGET_EVERYWHERE;
        DEMAND_THAT(kind <= CNS_TARGET_OBJECTS_OF, "a target is of no kind");
        DEMAND_THAT(fits(program, kind == CNS_TARGET_CLASS ? 'C' : 'T', row[2]),
                    "a target names nothing");
        before = row[0];
    }
    return NULL;
}

static cns_refusal
load(cns_program *program, const void *bytes, size_t size) {
    ACCEPT(read_frame(program, bytes, size));
    ACCEPT(verify_terms(program));
    ACCEPT(verify_names(program));
    ACCEPT(verify_paths(program));
    ACCEPT(load_patterns(program));
    ACCEPT(verify_shapes(program));
    ACCEPT(verify_targets(program));
    return cns_rules_verify(program);
}

cns_refusal
cns_program_load(cns_program *program, const void *bytes, size_t size) {
    memset(program, 0, sizeof *program);
    cns_refusal refused = load(program, bytes, size);
    if (refused != NULL) {
        cns_program_end(program);
    }
    return refused;
}

void
cns_program_end(cns_program *program) {
    free(program->words);
    free(program->pattern_tables);
    memset(program, 0, sizeof *program);
}
