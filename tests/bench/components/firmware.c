/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each check on records that conform, generated and by hand, each time in a window; exits with the
 * number of a case where the verdicts differ.
 */
#include "cases.h"
#include "window.h"

enum {
    RECORDS = 16 /* of each case */
};

static cns_result answer;
static bool verdict;

#define CASE(name)                                                                                \
    static bool run_##name(void) {                                                                \
        static comp_##name record;                                                                \
        uint32_t state = 12345;                                                                   \
        for (int found = 0; found < RECORDS;) {                                                   \
            make_##name(&record, next_draw(&state));                                              \
            bool conforms = hand_##name(&record);                                                 \
            if (CONFORMS(name, &record) != conforms)                                              \
                return false;                                                                     \
            if (!conforms)                                                                        \
                continue;                                                                         \
            found++;                                                                              \
            window_begin();                                                                       \
            verdict = CONFORMS(name, &record);                                                    \
            window_end();                                                                         \
            window_begin();                                                                       \
            verdict = hand_##name(&record);                                                       \
            window_end();                                                                         \
        }                                                                                         \
        return true;                                                                              \
    }
CASES(CASE)

int
main(void) {
    int number = 0;
    cns_result_init(&answer, NULL, 0);
#define RUN(name)                                                                                 \
    number++;                                                                                     \
    if (!run_##name())                                                                            \
        return number;
    CASES(RUN)
    return 0;
}
