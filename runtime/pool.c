/* SPDX-License-Identifier: Apache-2.0 */
/* Pools: equal items in the caller's storage, with a free list of indices beside them. */
#include <cns/cns.h>

#include <stdalign.h>

/* The compiler's support routines; <string.h> is not a freestanding header. */
void *memset(void *to, int byte, size_t size);

enum {
    WORD = sizeof(uint64_t),
    LAST_LINK = UINT16_MAX,     /* the free item that no other follows */
    TAKEN_LINK = UINT16_MAX - 1 /* CNS_POOL_MAX_CAPACITY keeps both apart from indices */
};

_Static_assert(CNS_POOL_MAX_CAPACITY == TAKEN_LINK, "indices must differ from the marks");
_Static_assert(alignof(cns_signal) <= alignof(uint64_t), "storage must be aligned for signals");
_Static_assert(alignof(cns_result) <= alignof(uint64_t), "storage must be aligned for results");
_Static_assert(sizeof(cns_result) % alignof(cns_violation) == 0, "violations follow a result");

static bool
is_pool_layout(const uint64_t *storage, size_t words, size_t item_size, size_t capacity) {
    if (item_size == 0 || item_size > UINT32_MAX - WORD || capacity > CNS_POOL_MAX_CAPACITY) {
        return false;
    }
    if (capacity == 0) {
        return true;
    }
    size_t item_words = (item_size + WORD - 1) / WORD;
    size_t link_words = (capacity * sizeof(uint16_t) + WORD - 1) / WORD;
    return storage != NULL && (uintptr_t)storage % alignof(uint64_t) == 0 && link_words <= words &&
           item_words <= (words - link_words) / capacity;
}

cns_status
cns_pool_init(cns_pool *pool, uint64_t *storage, size_t words, size_t item_size, size_t capacity) {
    if (pool == NULL || !is_pool_layout(storage, words, item_size, capacity)) {
        return CNS_BAD_ARGUMENT;
    }
    memset(pool, 0, sizeof *pool);
    pool->first = LAST_LINK;
    pool->item_size = (uint32_t)item_size;
    pool->stride = (uint32_t)((item_size + WORD - 1) / WORD * WORD);
    pool->capacity = (uint16_t)capacity;
    if (capacity == 0) {
        return CNS_OK;
    }
    pool->items = (unsigned char *)storage;
    pool->links = (uint16_t *)(storage + pool->stride / WORD * capacity);
    for (size_t i = 0; i < capacity; i++) {
        pool->links[i] = (uint16_t)(i + 1);
    }
    pool->links[capacity - 1] = LAST_LINK;
    pool->first = 0;
    return CNS_OK;
}

static void *
pop_item(cns_pool *pool) {
    uint16_t index = pool->first;
    pool->first = pool->links[index];
    pool->links[index] = TAKEN_LINK;
    pool->in_use++;
    return pool->items + (size_t)index * pool->stride;
}

/* False, and nothing changed, when the item is foreign or already free. */
static bool
push_item(cns_pool *pool, const void *item) {
    uintptr_t offset = (uintptr_t)item - (uintptr_t)pool->items;
    if (pool->capacity == 0 || offset % pool->stride != 0 ||
        offset / pool->stride >= pool->capacity) {
        return false;
    }
    uint16_t index = (uint16_t)(offset / pool->stride);
    if (pool->links[index] != TAKEN_LINK) {
        return false;
    }
    pool->links[index] = pool->first;
    pool->first = index;
    pool->in_use--;
    return true;
}

cns_status
cns_pool_take_batch(cns_pool *pool, void **items, size_t count) {
    if (pool == NULL || (items == NULL && count > 0)) {
        return CNS_BAD_ARGUMENT;
    }
    if (count > (size_t)(pool->capacity - pool->in_use)) {
        pool->refused += pool->refused < UINT32_MAX;
        return CNS_NO_SPACE;
    }
    for (size_t i = 0; i < count; i++) {
        items[i] = pop_item(pool);
    }
    if (pool->high_water < pool->in_use) {
        pool->high_water = pool->in_use;
    }
    return CNS_OK;
}

cns_status
cns_pool_give_batch(cns_pool *pool, void *const *items, size_t count) {
    if (pool == NULL || (items == NULL && count > 0)) {
        return CNS_BAD_ARGUMENT;
    }
    for (size_t i = 0; i < count; i++) {
        if (!push_item(pool, items[i])) {
            /* The free list is last in, first out: taking undoes the gifts exactly. */
            while (i-- > 0) {
                pop_item(pool);
            }
            return CNS_BAD_ARGUMENT;
        }
    }
    return CNS_OK;
}

cns_status
cns_pool_take(cns_pool *pool, void **item) {
    return item != NULL ? cns_pool_take_batch(pool, item, 1) : CNS_BAD_ARGUMENT;
}

cns_status
cns_pool_give(cns_pool *pool, void *item) {
    return cns_pool_give_batch(pool, &item, 1);
}

cns_pool_stats
cns_pool_statistics(const cns_pool *pool) {
    cns_pool_stats stats = {pool->capacity, pool->in_use, pool->high_water, pool->refused};
    return stats;
}

cns_status
cns_signal_take(cns_pool *pool, cns_signal **signal) {
    if (pool == NULL || signal == NULL || pool->item_size < sizeof(cns_signal)) {
        return CNS_BAD_ARGUMENT;
    }
    void *item = NULL;
    cns_status status = cns_pool_take(pool, &item);
    if (status == CNS_OK) {
        *signal = memset(item, 0, sizeof(cns_signal));
    }
    return status;
}

/* How many violations fit behind a result; no more than its 16-bit counters count. */
static uint16_t
violations_of(const cns_pool *pool) {
    size_t count = (pool->item_size - sizeof(cns_result)) / sizeof(cns_violation);
    return (uint16_t)(count < UINT16_MAX ? count : UINT16_MAX);
}

cns_status
cns_result_take(cns_pool *pool, cns_result **result) {
    if (pool == NULL || result == NULL || pool->item_size < sizeof(cns_result)) {
        return CNS_BAD_ARGUMENT;
    }
    void *item = NULL;
    cns_status status = cns_pool_take(pool, &item);
    if (status == CNS_OK) {
        *result = item;
        cns_result_init(*result, (cns_violation *)(*result + 1), violations_of(pool));
    }
    return status;
}
