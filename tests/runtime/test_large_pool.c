/* SPDX-License-Identifier: Apache-2.0 */
/* A pool of as many items as there can be: more memory than a microcontroller has. */
#include "check.h"

static void
test_the_largest_pool(void) {
    static uint64_t large[CNS_POOL_WORDS(1, CNS_POOL_MAX_CAPACITY)];
    static void *items[CNS_POOL_MAX_CAPACITY];
    cns_pool pool;
    CHECK(cns_pool_init(&pool, large, sizeof large / sizeof *large, 1, CNS_POOL_MAX_CAPACITY) ==
          CNS_OK);
    CHECK(cns_pool_take_batch(&pool, items, CNS_POOL_MAX_CAPACITY) == CNS_OK);
    void *item = NULL;
    CHECK(cns_pool_take(&pool, &item) == CNS_NO_SPACE && item == NULL);
    CHECK(cns_pool_give_batch(&pool, items, CNS_POOL_MAX_CAPACITY) == CNS_OK);
    cns_pool_stats stats = cns_pool_statistics(&pool);
    CHECK(stats.in_use == 0 && stats.high_water == CNS_POOL_MAX_CAPACITY && stats.refused == 1);
}

int
main(void) {
    test_the_largest_pool();
    return check_status();
}
