/* SPDX-License-Identifier: Apache-2.0 */
/* Checks the reports of a pump, while images with new checks for them come in over a line. */
#include "pump.h"
#include "slip.h"
#include "slots.h"

#include <stdio.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* All output goes through here; on a board of your own, write to its serial line instead. */
static void
put(const char *text) {
    fwrite(text, 1, strlen(text), stdout);
}

static void
put_number(uint32_t number) {
    char digits[11];
    char *at = digits + sizeof digits - 1;

    *at = '\0';
    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    put(at);
}

/* ---- Reports ------------------------------------------------------------------------------ */

typedef struct sample {
    const char *what;
    pump_report report;
} sample;

enum {
    HAS_ALL = PUMP_REPORT_HAS_PRESSURE | PUMP_REPORT_HAS_FLOW | PUMP_REPORT_HAS_MODE
};

/* What the pump says, over and over. */
static const sample samples[] = {
    {"at work", {HAS_ALL, 410, 320, PUMP_REPORT_MODE_NORMAL}},
    {"under pressure", {HAS_ALL, 520, 300, PUMP_REPORT_MODE_NORMAL}},
    {"boosted", {HAS_ALL, 440, 610, PUMP_REPORT_MODE_BOOST}},
    {"clogged", {HAS_ALL, 430, 0, PUMP_REPORT_MODE_ECO}},
    {"burst", {HAS_ALL, 980, 0, PUMP_REPORT_MODE_OFF}},
};

/* Hands a report to the image that runs. */
static void
check(const cns_model *active, const sample *given, cns_result *result) {
    const cns_signal signal = {.kind = PUMP_KIND_REPORT, .payload = &given->report};
    cns_dispatch(active, &signal, result);
}

/* What was checked since the last answer. */
typedef struct tally {
    uint32_t checked;
    uint32_t conforming;
} tally;

/* Checks the next report without a word. */
static void
check_next(const cns_model *active, tally *counted) {
    cns_result result;

    cns_result_init(&result, NULL, 0);
    check(active, &samples[counted->checked % LENGTH(samples)], &result);
    counted->checked++;
    counted->conforming += result.conforms;
}

/* Says what the image that runs makes of each report. */
static void
show_samples(const cns_model *active) {
    cns_violation found[4];
    cns_result result;
    char line[160];

    cns_result_init(&result, found, LENGTH(found));
    for (size_t i = 0; i < LENGTH(samples); i++) {
        check(active, &samples[i], &result);
        put(result.conforms ? "ok      " : "wrong   ");
        put(samples[i].what);
        put("\n");
        for (uint16_t k = 0; k < result.count; k++) {
            cns_violation_format(active, &found[k], line, sizeof line);
            put("        ");
            put(line);
            put("\n");
        }
    }
}

/* ---- Images ------------------------------------------------------------------------------- */

static void
put_refusal(const char *why, uint32_t word) {
    put("refused: ");
    put(why);
    put(", at word ");
    put_number(word);
    put("\n");
}

static void
put_acceptance(const cns_model *active, const cns_optimized *done) {
    put("accepted: at most ");
    put_number(cns_image_steps(active->image, PUMP_LAYOUT_REPORT));
    put(" steps, ");
    put_number(done->before);
    put(" words of code, optimized to ");
    put_number(done->after);
    put("\n");
    show_samples(active);
}

static void
put_tally(const tally *counted) {
    put("meanwhile ");
    put_number(counted->checked);
    put(" reports, ");
    put_number(counted->conforming);
    put(" of them ok\n");
}

/* Answers a frame of so many bytes that lies in the idle slot, maybe cut. */
static void
answer(slots *all, size_t bytes) {
    cns_optimized done;

    if (bytes > sizeof slots_idle(all)->words) {
        put_refusal("it is longer than a slot", SLOT_WORDS);
        return;
    }
    cns_fault fault = slots_take(all, bytes / sizeof(uint32_t), &done);
    if (fault.reason == CNS_REASON_ACCEPTED) {
        put_acceptance(all->active, &done);
    } else {
        put_refusal(cns_reason_text(fault.reason), fault.offset);
    }
}

/* Waits for a frame, into the idle slot; says so on the line. */
static void
listen(slip *line, slots *all) {
    slot *idle = slots_idle(all);

    slip_begin(line, (uint8_t *)idle->words, sizeof idle->words);
    put("ready\n");
    fflush(stdout);
}

/* The bytes of the line are the clock of this program; a firmware has a timer. */
enum {
    BYTES_PER_REPORT = 32
};

/* Takes bytes and checks reports until the line is closed. */
static void
serve(slots *all) {
    slip line;
    tally counted = {0, 0};
    uint32_t clock = 0;

    listen(&line, all);
    for (int byte = getchar(); byte != EOF; byte = getchar()) {
        if (++clock % BYTES_PER_REPORT == 0) {
            check_next(all->active, &counted);
        }
        if (slip_take(&line, (uint8_t)byte)) {
            put_tally(&counted);
            answer(all, line.length);
            counted = (tally){0, 0};
            listen(&line, all);
        }
    }
}

int
main(void) {
    static slots all; /* all the memory that images need */
    cns_fault fault = slots_start(&all);

    if (fault.reason != CNS_REASON_ACCEPTED) {
        put_refusal(cns_reason_text(fault.reason), fault.offset);
        return 1;
    }
    setvbuf(stdin, NULL, _IONBF, 0); /* a line has no buffer, and the C library needs no heap */
    show_samples(all.active);
    serve(&all);
    return 0;
}
