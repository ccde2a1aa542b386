/* SPDX-License-Identifier: Apache-2.0 */
/* Dispatch: from a signal's kind to the handler that validates its record. */
#include <cns/cns.h>

static cns_status
refuse_signal(cns_result *result, cns_status status) {
    result->status = (uint8_t)status;
    result->conforms = false;
    return status;
}

static cns_handler
find_handler(const cns_model *model, uint32_t kind) {
    if (kind < model->handler_count) {
        return model->handlers[kind];
    }
    return model->find != NULL ? model->find(kind) : NULL;
}

cns_status
cns_dispatch(const cns_model *model, const cns_signal *signal, cns_result *result) {
    if (result == NULL) {
        return CNS_BAD_ARGUMENT;
    }
    cns_result_begin(result, model, 0);
    result->signal_id = signal != NULL ? signal->id : 0;
    if (model == NULL || signal == NULL) {
        return refuse_signal(result, CNS_BAD_ARGUMENT);
    }
    cns_handler handler = find_handler(model, signal->kind);
    if (handler == NULL) {
        return refuse_signal(result, CNS_UNKNOWN_KIND);
    }
    /* A heartbeat needs no record; every other kind is about one. */
    if (signal->payload == NULL && handler != cns_handle_unchecked) {
        return refuse_signal(result, CNS_BAD_ARGUMENT);
    }
    return handler(signal->payload, result);
}

size_t
cns_dispatch_batch(const cns_model *model, const cns_signal *signals, cns_result *results,
                   size_t count) {
    size_t conforming = 0;
    for (size_t i = 0; results != NULL && i < count; i++) {
        cns_dispatch(model, signals != NULL ? &signals[i] : NULL, &results[i]);
        conforming += results[i].conforms;
    }
    return conforming;
}

cns_status
cns_handle_nothing(const void *record, cns_result *result) {
    if (result == NULL) {
        return CNS_BAD_ARGUMENT;
    }
    cns_result_begin(result, result->model, 0);
    return record != NULL ? CNS_OK : cns_result_reject(result);
}

cns_status
cns_handle_unchecked(const void *record, cns_result *result) {
    (void)record;
    if (result == NULL) {
        return CNS_BAD_ARGUMENT;
    }
    cns_result_begin(result, result->model, 0);
    return refuse_signal(result, CNS_NOT_CHECKED);
}
