/* SPDX-License-Identifier: Apache-2.0 */
/* Says who has to come for the events of a greenhouse: by their classes, and by IRIs of a peer. */
#include "greenhouse.h"

#include <stdio.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define NAMESPACE "http://example.org/greenhouse#"

/* Events as the bus of the greenhouse has them: numbers that both ends compile. */
static const uint32_t on_the_bus[] = {
    GREENHOUSE_CLASS_FROST,         GREENHOUSE_CLASS_PIPE_BURST, GREENHOUSE_CLASS_CLOGGED_FILTER,
    GREENHOUSE_CLASS_WINDOW_OPENED, GREENHOUSE_INDIVIDUAL_NORTH,
};

/* Events as a peer on the net writes them, one of them of a later version. */
static const char *const on_the_net[] = {
    NAMESPACE "WaterLoss",
    NAMESPACE "Overheating",
    NAMESPACE "Sunstroke",
};

static void
answer(uint32_t event) {
    if (!greenhouse_is_event(event)) {
        puts("no event");
        return;
    }
    printf("%-15s", greenhouse_iri(event) + strlen(NAMESPACE));
    if (greenhouse_is_alarm(event)) {
        printf(" ring");
    }
    if (greenhouse_is_maintenance(event)) {
        printf(" plan");
    }
    puts(greenhouse_is_alarm(event) || greenhouse_is_maintenance(event) ? "" : " log");
}

int
main(void) {
    for (size_t i = 0; i < LENGTH(on_the_bus); i++) {
        answer(on_the_bus[i]);
    }
    for (size_t i = 0; i < LENGTH(on_the_net); i++) {
        answer(greenhouse_id(on_the_net[i], strlen(on_the_net[i])));
    }
    printf("measuredBy %s reportedBy\n",
           greenhouse_implies_reported_by(GREENHOUSE_PROPERTY_MEASURED_BY) ? "implies" : "is not");
    return 0;
}
