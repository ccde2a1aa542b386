/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Generated checks beside hand-written ones. All are first asked about the same records, and any
 * difference between the verdicts ends the program. Then
 *   host            prints the time of each check, in rounds, over records that conform
 *   host NAME WHO   lets one of them check such records once, for counting
 */
#include "cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    RECORDS = 1024,
    DRAWS = 20000,
    REPEATS = 200,
    ROUNDS = 9
};

static cns_result answer;

static double
now(void) {
    struct timespec time;
    timespec_get(&time, TIME_UTC);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void
stop(const char *name, const char *why) {
    fprintf(stderr, "%s: %s\n", name, why);
    exit(1);
}

/* For each case: its records, the loops over them, and what compares the two. */
#define CASE(name)                                                                                \
    static comp_##name records_##name[RECORDS];                                                   \
    static __attribute__((noinline)) size_t check_generated_##name(void) {                        \
        size_t conforming = 0;                                                                    \
        for (size_t i = 0; i < RECORDS; i++)                                                      \
            conforming += CONFORMS(name, &records_##name[i]);                                     \
        return conforming;                                                                        \
    }                                                                                             \
    static __attribute__((noinline)) size_t check_hand_##name(void) {                             \
        size_t conforming = 0;                                                                    \
        for (size_t i = 0; i < RECORDS; i++)                                                      \
            conforming += hand_##name(&records_##name[i]);                                        \
        return conforming;                                                                        \
    }                                                                                             \
    static void compare_##name(void) {                                                            \
        uint32_t state = 12345;                                                                   \
        size_t conforming = 0;                                                                    \
        for (size_t i = 0; i < DRAWS; i++) {                                                      \
            comp_##name record;                                                                   \
            memset(&record, 0, sizeof record);                                                    \
            make_##name(&record, next_draw(&state));                                              \
            bool conforms = hand_##name(&record);                                                 \
            if (CONFORMS(name, &record) != conforms)                                              \
                stop(#name, "the checks differ");                                                 \
            if (conforms)                                                                         \
                records_##name[conforming++ % RECORDS] = record;                                  \
        }                                                                                         \
        if (conforming < DRAWS / 20 || conforming > DRAWS - DRAWS / 20)                           \
            stop(#name, "a poor choice of records");                                              \
    }
CASES(CASE)

typedef struct contender {
    const char *name;
    size_t (*generated)(void), (*hand)(void);
    void (*compare)(void);
} contender;

static const contender contenders[] = {
#define CONTENDER(name) {#name, check_generated_##name, check_hand_##name, compare_##name},
    CASES(CONTENDER)};

/* Prints nanoseconds per record. */
static void
measure(const char *name, const char *who, size_t (*check)(void)) {
    double begin = now();
    for (int i = 0; i < REPEATS; i++)
        if (check() != RECORDS)
            stop(name, "a record no longer conforms");
    printf("%s\t%s\t%.4f\n", name, who, (now() - begin) / (RECORDS * REPEATS));
}

int
main(int count, char **words) {
    cns_result_init(&answer, NULL, 0);
    for (size_t i = 0; i < sizeof contenders / sizeof contenders[0]; i++) {
        const contender *one = &contenders[i];
        if (count == 3 && strcmp(words[1], one->name) != 0)
            continue;
        one->compare();
        if (count == 3) {
            bool by_hand = strcmp(words[2], "by hand") == 0;
            printf("%d\n", RECORDS);
            return (by_hand ? one->hand() : one->generated()) == RECORDS ? 0 : 1;
        }
        for (int round = 0; round < ROUNDS; round++) {
            measure(one->name, "by hand", one->hand);
            measure(one->name, "generated", one->generated);
        }
    }
    return 0;
}
