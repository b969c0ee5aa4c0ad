/*
 * What the parts of the guest's init share. The contract with the host is
 * src/commands/preflight/vm/protocol.ts. Functions return 0, or -1 with errno, unless they say otherwise.
 */
#ifndef GUEST_H
#define GUEST_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include "../../kernel/guest/shared/device-mapper.h"

#define MAX_LAYERS 128
#define MAX_PATH 8192

/* Where things are in the guest. Layers are mounted on LAYERS/0, LAYERS/1, …, by position. */
#define LAYERS "/layers"
#define MERGED "/merged"
#define WRITABLE "/writable"
#define UPPER WRITABLE "/upper"
#define WORK WRITABLE "/work"

struct module {
	const char *path, *parameters;
};

struct policy {
	const char *name;
	struct bytes signature;
};

struct layer {
	int number;
	const char *serial;
	struct seal seal;
	char disk[64]; /* its device, once found */
	int opened, mounted;
};

struct health {
	double interval, timeout, start_period;
	int retries;
	char **check; /* NULL if there is none */
};

struct job {
	struct module *modules;
	struct policy *policies;
	int module_count, policy_count, layer_count;
	struct layer layers[MAX_LAYERS];
	int network, list;
	char **arguments, **environment; /* end with NULL; without arguments nothing is run */
	const char *user, *directory;
	double time, alive;
	struct health health;
	int tamper; /* number of a layer, or -1 */
};

enum phase { PHASE_LIST, PHASE_RUN, PHASE_ATTACK, PHASE_END };

/* main.c */
extern int in_container; /* of this process */
void fail(const char *what) __attribute__((noreturn)); /* prints errno too, and powers off */
void fatal(const char *what) __attribute__((noreturn));
void *resized(void *old, size_t size);
double now(void); /* seconds, monotonic */

/* setup.c */
void mount_kernel_filesystems(void);
int find_disk(const char *serial, char *device, size_t size); /* waits for it a little */
void load_disk_modules(void);
void load_modules(const struct job *job);
void load_policies(const struct job *job);
void report_kernel(const struct job *job);
/* The first line of a small file; empty if it cannot be read. */
void read_line(const char *path, char *line, size_t size);
int write_text(const char *path, const char *text);

/* job.c */
void read_job(struct job *job, char *bytes, size_t length);

/* report.c: an event is begun, gets its members, and is sent. */
void open_report(const char *device);
uint64_t report_scratch(void); /* offset on the disk of a block that the report does not use */
void event(const char *name);
void put_text(const char *key, const char *text);
void put_bytes(const char *key, const char *bytes, size_t length);
void put_number(const char *key, long long number);
void put_seconds(const char *key, double seconds);
void put_flag(const char *key, int flag);
void put_null(const char *key);
void put_outcome(const char *key, int error); /* 0 or an errno */
void send_event(void); /* on the disk when it returns */
/* One of many: soon on the disk, and dropped if the disk has no room for it and the others. */
void send_denial(void);
void send_listed(void);
void end_report(void);

/* layers.c */
int open_layers(struct job *job); /* whether all are mounted */
int mount_overlay(const struct job *job);
/* lstat, but a symbolic link on the way is ENOTDIR or ELOOP. */
int status_in(int root, const char *path, struct stat *status);
int is_whiteout(const struct stat *status);

/* audit/ */
void follow_audit(const struct job *job);
void tell_program(pid_t pid, const char *path); /* the first process of the container */
void enter_phase(enum phase phase); /* returns when the records of the phase before were read */

/* list/ */
void list_files(const struct job *job);

/* run/ */
void run_program(const struct job *job);

/* attack.c */
#define DROPPED_ARGUMENT "--dropped"
void reserve_attack(void); /* before anything is run */
void attack_dropped(void);
void attack_changed_byte(struct job *job, const char *report_device);

#endif
