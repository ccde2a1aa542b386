/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as an image, with a right header and checksum, through loader and verifier. An image
 * that is accepted runs over sound records: without a fault, in the steps that it states. What the
 * optimizer makes of it is accepted, answers alike, and takes no more steps.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../runtime/image.h"
#include "image_records.h"

enum {
    MOST_WORDS = 1024,
    MOST_REGISTERS = 256,
    MOST_BACK_CALLS = 3,
    MOST_STEPS = 1 << 20, /* of images that are run */
    MOST_FOUND = 40,
    ROUNDS = 3 /* records of each type */
};

#include "image_mutate.h"

/* cns_image_run, from a machine that finds instructions by a switch. */
cns_status cns_image_run_by_switch(uint16_t record, const void *data, cns_result *result);

int LLVMFuzzerInitialize(int *count, char ***names);
int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

/* An image, loaded from memory of its exact size. */
typedef struct loaded {
    cns_image image;
    uint32_t *words;
    size_t count;
} loaded;

typedef cns_status machine(uint16_t record, const void *data, cns_result *result);

static unsigned tried, accepted, run, shortened;

static void
require(bool holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "failed: %s\n", what);
        abort();
    }
}

static void
print_counts(void) {
    fprintf(stderr, "stat::accepted: %u of %u\nstat::run: %u\nstat::shortened: %u\n", accepted,
            tried, run, shortened);
}

int
LLVMFuzzerInitialize(int *count, char ***names) {
    (void)count;
    (void)names;
    return atexit(print_counts);
}

/* Memory of the exact size, which ASan guards. */
static void *
allocate(size_t size) {
    void *made = malloc(size > 0 ? size : 1);
    require(made != NULL, "memory");
    return made;
}

/* ---- Loading ------------------------------------------------------------------------------ */

/* Makes the checksum right; ../bytecode/load.c computes it otherwise, and slower. */
static void
seal(uint32_t *words, size_t count) {
    words[CNS_WORD_CHECKSUM] = cns_word(cns_image_checksum(words, (uint32_t)count));
}

static cns_fault
load(loaded *into, uint16_t registers) {
    uint16_t *scratch = allocate(CNS_VERIFY_SCRATCH(into->count) * sizeof *scratch);
    cns_limits limits = {NULL, registers, 0};
    cns_fault fault;
    cns_status status = cns_image_load(&into->image, &layout, into->words, into->count, &limits,
                                       scratch, CNS_VERIFY_SCRATCH(into->count), &fault);
    require((status == CNS_OK) == (fault.reason == CNS_REASON_ACCEPTED), "status and reason");
    require(status != CNS_OK || into->image.model.image == &into->image, "model");
    require(fault.offset <= into->count || into->count < CNS_HEADER_WORDS, "offset");
    free(scratch);
    return fault;
}

/* States steps that are enough for most functions, those that are called the fewest. */
static void
state_many_steps(uint32_t *words, size_t count) {
    uint32_t entries = cns_word(words[CNS_WORD_SECTIONS]);
    uint32_t functions = cns_word(words[CNS_WORD_SECTIONS + 1]);
    uint32_t steps = UINT32_C(1) << 24;
    if (entries > count - CNS_HEADER_WORDS || functions > count - CNS_HEADER_WORDS - entries) {
        return;
    }
    for (uint32_t at = 0; at + 2 < functions; at += CNS_FUNCTION_WORDS) {
        words[CNS_HEADER_WORDS + entries + at + 2] = cns_word(steps);
        steps = steps > 1 << 9 ? steps >> 3 : steps;
    }
}

/* What only says that the image is whole and for this program; the rest is the fuzzer's. */
static void
set_header(uint32_t *words, size_t count) {
    words[CNS_WORD_MAGIC] = cns_word(CNS_IMAGE_MAGIC);
    words[CNS_WORD_ISA] = cns_word(CNS_ISA_FINGERPRINT);
    words[CNS_WORD_LAYOUT] = cns_word(layout.fingerprint);
    words[CNS_WORD_SIZE] = cns_word((uint32_t)count);
    words[CNS_WORD_BACK_CALLS] =
        cns_word(cns_word(words[CNS_WORD_BACK_CALLS]) % (MOST_BACK_CALLS + 1));
    state_many_steps(words, count);
    seal(words, count);
}

static bool
is_accepted(uint32_t *words, size_t count) {
    loaded changed = {.words = words, .count = count};
    set_header(words, count);
    return load(&changed, MOST_REGISTERS).reason == CNS_REASON_ACCEPTED;
}

/* States the steps that the verifier finds, of functions before those that call them. */
static void
state_steps(loaded *of) {
    uint16_t *scratch = allocate(CNS_VERIFY_SCRATCH(of->count) * sizeof *scratch);
    uint32_t start = of->image.functions.start;
    for (uint32_t i = of->image.function_count; i-- > 0;) {
        uint32_t *stated = &of->words[start + i * CNS_FUNCTION_WORDS + 2];
        *stated = cns_word(cns_function_steps(&of->image, i, scratch));
    }
    free(scratch);
    seal(of->words, of->count);
    require(load(of, MOST_REGISTERS).reason == CNS_REASON_ACCEPTED, "the steps that it takes");
    if (of->image.function_count > 0) {
        of->words[start + 2] = cns_word(cns_word(of->words[start + 2]) - 1);
        seal(of->words, of->count);
        require(load(of, MOST_REGISTERS).reason == CNS_REASON_STEPS, "a step less");
        of->words[start + 2] = cns_word(cns_word(of->words[start + 2]) + 1);
        seal(of->words, of->count);
        require(load(of, MOST_REGISTERS).reason == CNS_REASON_ACCEPTED, "as before");
    }
}

static loaded
copy_of(const loaded *from) {
    loaded made = {.count = from->count};
    made.words = allocate(made.count * sizeof *made.words);
    memcpy(made.words, from->words, made.count * sizeof *made.words);
    return made;
}

static loaded
with_policy(const loaded *from, uint32_t policy) {
    loaded made = copy_of(from);
    made.words[CNS_WORD_VERSION] = cns_word(CNS_IMAGE_VERSION | policy << 16);
    seal(made.words, made.count);
    require(load(&made, MOST_REGISTERS).reason == CNS_REASON_ACCEPTED, "another policy");
    return made;
}

/* ---- Running ------------------------------------------------------------------------------ */

/* The answer of a machine with so many registers, in storage for so many violations. */
static cns_result
ask(machine *by, loaded *of, uint16_t registers, uint16_t record, const void *data,
    uint16_t capacity) {
    cns_result result;
    cns_result_init(&result, take(capacity * sizeof *result.violations), capacity);
    of->image.limits.registers = take(registers * sizeof *of->image.limits.registers);
    of->image.limits.register_count = registers;
    of->image.model.image = &of->image; /* which may have been copied since it was loaded */
    result.model = &of->image.model;
    cns_status status = by(record, data, &result);
    require(status == result.status, "status");
    require(status == CNS_OK || status == CNS_NO_SPACE, "no fault");
    require(result.steps <= cns_image_steps(&of->image, record), "steps");
    require(status == CNS_OK || !result.conforms, "failure does not conform");
    require(result.conforms || status != CNS_OK || result.count + result.truncated > 0 ||
                of->image.report == CNS_REPORT_CONFORMS,
            "nothing found conforms");
    return result;
}

/* Whether answers are the same but for their steps and for storage. */
static bool
same(const cns_result *a, const cns_result *b) {
    uint16_t count = a->count < b->count ? a->count : b->count;
    return a->status == b->status && a->conforms == b->conforms &&
           a->count + a->truncated == b->count + b->truncated &&
           (count == 0 ||
            memcmp(a->violations, b->violations, count * sizeof *a->violations) == 0);
}

/* With fewer registers a run ends with CNS_NO_SPACE, or answers the same. */
static void
need_registers(loaded *of, uint16_t record, const void *data, const cns_result *wanted) {
    uint32_t entry = cns_word_of(&of->image, of->image.entries, record);
    uint32_t least = cns_function_of(&of->image, entry).registers;
    uint32_t stated = cns_word(of->words[CNS_WORD_REGISTERS]);
    for (uint32_t n = 1; n <= stated; n++) {
        cns_result found = ask(cns_image_run, of, (uint16_t)n, record, data, MOST_FOUND);
        require(n >= least || found.status == CNS_NO_SPACE, "registers");
        if (found.status == CNS_OK) {
            require(same(&found, wanted), "the same with fewer registers");
            return;
        }
    }
    require(wanted->status == CNS_NO_SPACE || cns_word(of->words[CNS_WORD_BACK_CALLS]) > 0,
            "as many registers as stated are enough");
}

/* Storage for fewer violations holds the first ones. */
static void
truncate(loaded *of, uint16_t record, const void *data, const cns_result *wanted) {
    for (uint16_t capacity = 0; capacity < 3; capacity++) {
        cns_result found = ask(cns_image_run, of, MOST_REGISTERS, record, data, capacity);
        uint32_t all = (uint32_t)wanted->count + wanted->truncated;
        require(found.count == (all < capacity ? all : capacity), "as many as there is space for");
        require(same(&found, wanted), "the same violations");
        require(found.steps == wanted->steps, "the same steps");
    }
}

/* An image under another policy, of which one that finds all has given the answer. */
static void
report_less(loaded *of, uint16_t record, const void *data, const cns_result *wanted) {
    cns_result found = ask(cns_image_run, of, MOST_REGISTERS, record, data, MOST_FOUND);
    bool first = of->image.report == CNS_REPORT_FIRST;
    require(wanted->conforms || wanted->status != CNS_OK || !found.conforms, "verdict");
    require(!wanted->conforms || found.conforms, "verdict");
    require(found.steps <= wanted->steps, "no more steps for less");
    require(found.count == (first && wanted->count > 0 ? 1 : 0), "the first one");
    require(found.count == 0 ||
                memcmp(found.violations, wanted->violations, sizeof *found.violations) == 0,
            "the first one");
}

/* Reads all that was found, as what its checks say that it is. */
static void
read_violations(const cns_result *result) {
    char line[200];
    for (uint16_t i = 0; i < result->count; i++) {
        const cns_violation *found = &result->violations[i];
        require(cns_violation_format(result->model, found, line, sizeof line) > 0, "a line");
    }
}

/* What one record is asked of an image and of what became of it. */
static void
compare(loaded *naive, loaded *optimized, loaded less[2], uint16_t record, const void *data) {
    cns_result wanted = ask(cns_image_run, naive, MOST_REGISTERS, record, data, MOST_FOUND);
    cns_result other =
        ask(cns_image_run_by_switch, naive, MOST_REGISTERS, record, data, MOST_FOUND);
    cns_result better = ask(cns_image_run, optimized, MOST_REGISTERS, record, data, MOST_FOUND);
    read_violations(&wanted);
    require(same(&wanted, &other) && wanted.steps == other.steps, "goto and switch");
    require(same(&wanted, &better), "optimized");
    require(better.steps <= wanted.steps, "no more steps");
    truncate(naive, record, data, &wanted);
    need_registers(naive, record, data, &wanted);
    report_less(&less[0], record, data, &wanted);
    report_less(&less[1], record, data, &wanted);
}

/* ---- Optimizing --------------------------------------------------------------------------- */

static cns_optimized
optimize(loaded *of) {
    size_t length = CNS_OPTIMIZE_SCRATCH(of->count);
    uint16_t *scratch = allocate(length * sizeof *scratch);
    cns_optimized done;
    require(cns_image_optimize(&layout, of->words, &of->count, scratch, length, &done) == CNS_OK,
            "it can be optimized");
    free(scratch);
    return done;
}

static loaded
optimized_of(const loaded *from) {
    loaded made = copy_of(from);
    cns_optimized done = optimize(&made);
    require(done.after <= done.before && made.count <= from->count, "no more words");
    require(load(&made, MOST_REGISTERS).reason == CNS_REASON_ACCEPTED, "optimized is accepted");
    for (uint16_t i = 0; i < layout.record_count; i++) {
        require(cns_image_steps(&made.image, i) <= cns_image_steps(&from->image, i),
                "no more steps are stated");
    }
    loaded again = copy_of(&made);
    (void)optimize(&again);
    require(again.count == made.count &&
                memcmp(again.words, made.words, made.count * sizeof *made.words) == 0,
            "optimizing again changes nothing");
    free(again.words);
    shortened += made.count < from->count;
    return made;
}

/* ---- One input ---------------------------------------------------------------------------- */

/* Runs the functions of records, each over some of them. */
static void
run_all(loaded *naive, choices *from) {
    loaded optimized = optimized_of(naive);
    loaded less[] = {with_policy(naive, CNS_REPORT_FIRST),
                     with_policy(naive, CNS_REPORT_CONFORMS)};
    for (uint16_t record = 0; record < layout.record_count; record++) {
        uint32_t steps = cns_image_steps(&naive->image, record);
        for (int i = 0; i < ROUNDS && steps > 0 && steps <= MOST_STEPS; i++) {
            release_memory();
            const void *data = draw_record(from, record, NODE_DEPTH);
            compare(naive, &optimized, less, record, data);
            run++;
        }
    }
    free(less[0].words);
    free(less[1].words);
    free(optimized.words);
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size) {
    loaded input = {.count = image_words(bytes, size)};
    if (input.count > MOST_WORDS) {
        return 0;
    }
    if (input.count < CNS_HEADER_WORDS) {
        input.count = size / sizeof(uint32_t) % CNS_HEADER_WORDS;
    }
    input.words = allocate(input.count * sizeof *input.words);
    memcpy(input.words, bytes, input.count * sizeof *input.words);
    if (input.count >= CNS_HEADER_WORDS) {
        set_header(input.words, input.count);
    }
    tried++;
    if (load(&input, MOST_REGISTERS).reason == CNS_REASON_ACCEPTED) {
        size_t used = input.count * sizeof *input.words;
        choices from = {bytes + used, size - used, (uint32_t)size};
        accepted++;
        loaded all;
        state_steps(&input);
        all = with_policy(&input, CNS_REPORT_ALL);
        run_all(&all, &from);
        free(all.words);
    }
    free(input.words);
    return 0;
}
