/* SPDX-License-Identifier: Apache-2.0 */
/* A QEMU plugin that counts the guest instructions executed between two addresses.
   Arguments: begin=ADDRESS,end=ADDRESS in hexadecimal. Writes a line "window COUNT" to QEMU's log
   (-d plugin -D FILE) whenever execution reaches `end` after `begin`. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* QEMU's plugin interface, as far as it is used here. Debian does not package its header. */
struct qemu_info;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef uint64_t plugin_id;
typedef void translate_callback(plugin_id id, struct qemu_plugin_tb *block);
typedef void execute_callback(unsigned processor, void *data);

enum {
    NO_REGISTERS = 0
};

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *instruction);
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, translate_callback *callback);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *instruction,
                                            execute_callback *callback, int flags, void *data);
void qemu_plugin_outs(const char *text);

#define EXPORT __attribute__((visibility("default")))

extern int qemu_plugin_version;
EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

int qemu_plugin_install(plugin_id id, const struct qemu_info *info, int argc, char **argv);

static uint64_t begin, end;
static uint64_t count;
static bool inside;

static void
report(void) {
    char line[40];
    snprintf(line, sizeof line, "window %llu\n", (unsigned long long)count);
    qemu_plugin_outs(line);
}

static void
execute(unsigned processor, void *data) {
    (void)processor;
    uint64_t address = (uintptr_t)data;
    if (address == begin) {
        inside = true;
        count = 0;
    } else if (address == end) {
        if (inside)
            report();
        inside = false;
    } else if (inside) {
        count++;
    }
}

static void
translate(plugin_id id, struct qemu_plugin_tb *block) {
    (void)id;
    size_t size = qemu_plugin_tb_n_insns(block);
    for (size_t i = 0; i < size; i++) {
        struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
        void *address = (void *)(uintptr_t)qemu_plugin_insn_vaddr(instruction);
        qemu_plugin_register_vcpu_insn_exec_cb(instruction, execute, NO_REGISTERS, address);
    }
}

/* Reads the hexadecimal value of `name`= from an argument of that name. */
static bool
parse(const char *argument, const char *name, uint64_t *value) {
    size_t length = strlen(name);
    if (strncmp(argument, name, length) != 0 || argument[length] != '=')
        return false;
    *value = strtoull(argument + length + 1, NULL, 16);
    return true;
}

EXPORT int
qemu_plugin_install(plugin_id id, const struct qemu_info *info, int argc, char **argv) {
    (void)info;
    for (int i = 0; i < argc; i++)
        if (!parse(argv[i], "begin", &begin) && !parse(argv[i], "end", &end))
            return -1;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
    return 0;
}
