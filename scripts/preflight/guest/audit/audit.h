#ifndef AUDIT_H
#define AUDIT_H

#include "../guest.h"

/* AUDIT_IPE_ACCESS of the kernel, which older headers lack. */
#define DENIAL 1420
/* MAX_AUDIT_MESSAGE_LENGTH of the kernel is 8970. */
#define MAX_RECORD 12288

/* Of the container; a path once it was executed. */
struct first_process {
	pid_t pid;
	char path[1024];
};

/* denial.c: reports a record, `audit(TIME:SERIAL): …`. */
void report_denial(const struct job *job, const struct first_process *first, const char *text, const char *phase);

#endif
