/* SPDX-License-Identifier: Apache-2.0 */
/* A firmware whose shapes change: runs the image of a file over one room, and dumps its trace. */
#include <cns/cns.h>
#include <stdio.h>

#include "m.h"

enum {
    MOST_WORDS = 1024,
    MOST_FOUND = 8,
    TRACE_WORDS = 512
};

static uint32_t words[MOST_WORDS], storage[TRACE_WORDS];
static uint16_t scratch[CNS_VERIFY_SCRATCH(MOST_WORDS)];
static cns_register registers[64];

static size_t
write_dump(void *to, const char *data, size_t length) {
    return fwrite(data, 1, length, to);
}

static void
print_found(const cns_image *image, const cns_result *result) {
    char line[160];

    for (unsigned i = 0; i < result->count; i++) {
        cns_violation_format(&image->model, &result->violations[i], line, sizeof line);
        puts(line);
    }
}

int
main(int argc, char **argv) {
    FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
    if (file == NULL)
        return 2;
    size_t count = fread(words, sizeof *words, MOST_WORDS, file);
    fclose(file);

    const cns_limits limits = {registers, sizeof registers / sizeof *registers, 0};
    cns_image image;
    cns_fault fault;
    if (cns_image_load(&image, &m_layout, words, count, &limits, scratch,
                       sizeof scratch / sizeof *scratch, &fault) != CNS_OK) {
        puts(cns_reason_text(fault.reason));
        return 0;
    }

    m_room room = {.has = M_ROOM_HAS_STATE, .state = M_ROOM_STATE_OFF, .celsius_count = 4};
    for (int i = 0; i < 4; i++)
        room.celsius[i] = 20.5 * i;
    const cns_signal signal = {.payload = &room, .kind = M_KIND_ROOM, .id = 7};
    cns_violation found[MOST_FOUND];
    cns_result result;
    cns_trace trace;
    cns_result_init(&result, found, MOST_FOUND);
    cns_trace_init(&trace, storage, TRACE_WORDS);
    cns_trace_dispatch(&trace, &image.model, &signal, &result);
    print_found(&image, &result);

    file = fopen(argv[2], "wb");
    if (file == NULL || cns_trace_dump(&trace, write_dump, file) != CNS_OK)
        return 1;
    return fclose(file);
}
