/* SPDX-License-Identifier: Apache-2.0 */
/* A heap that fails as it is told: once, from then on, or every so often. */
#ifndef HEAP_H
#define HEAP_H

#include <stdlib.h>

/* Linked with --wrap, which leads calls here. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void __wrap_free(void *memory);

typedef enum way {
    ONCE,
    FROM_THEN_ON,
    EVERY,
    WAYS
} way;

static struct {
    way how;
    uint64_t at; /* 0: never */
    uint64_t calls;
    uint64_t failed;
    int64_t alive;
} heap;

static bool
refuses(void) {
    heap.calls++;
    bool refused = heap.at != 0 && (heap.how == ONCE           ? heap.calls == heap.at
                                    : heap.how == FROM_THEN_ON ? heap.calls >= heap.at
                                                               : heap.calls % heap.at == 0);
    heap.failed += refused;
    return refused;
}

void *
__wrap_malloc(size_t size) {
    void *made = refuses() ? NULL : __real_malloc(size);
    heap.alive += made != NULL;
    return made;
}

void *
__wrap_calloc(size_t count, size_t size) {
    void *made = refuses() ? NULL : __real_calloc(count, size);
    heap.alive += made != NULL;
    return made;
}

void *
__wrap_realloc(void *memory, size_t size) {
    void *made = refuses() ? NULL : __real_realloc(memory, size);
    heap.alive += made != NULL && memory == NULL;
    return made;
}

void
__wrap_free(void *memory) {
    heap.alive -= memory != NULL;
    __real_free(memory);
}

#endif
