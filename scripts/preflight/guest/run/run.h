#ifndef RUN_H
#define RUN_H

#include "../guest.h"

/* output.c: what a program writes, in bounds. */
struct output {
	const char *name; /* of the stream */
	int fd; /* -1 at its end */
	unsigned char *first, *last;
	size_t first_length, sent;
	uint64_t total;
};
void open_output(struct output *output, const char *name, int fd);
void take_output(struct output *output); /* reads what there is */
void send_first(struct output *output); /* what has come of the first part */
void send_rest(struct output *output);

/* user.c: as container runtimes read /etc/passwd and /etc/group of their root. */
struct user {
	unsigned int uid, gid, groups[64];
	int group_count;
	char home[512];
};
int find_user(const char *wanted, struct user *user);

/* cgroup.c: of the container. */
void make_cgroup(void);
void join_cgroup(void); /* this process, before it executes anything of the image */
void kill_cgroup(void); /* ends all that have joined */

/* container.c: called in the new namespaces. */
void enter_container(int network);

/* program.c: of the run or of the health check, in the container. Does not return. */
void execute(const struct job *job, char **arguments, int status) __attribute__((noreturn));
struct start {
	int error; /* 0 if it was executed */
	char path[1024];
	char missing[256]; /* its interpreter that is not there, if that is the error; else empty */
};
/* Reads what `execute` says through its status pipe, and closes the pipe. */
struct start read_start(int fd);

/* interpreter.c: which interpreter of an existing program is missing; empty if none is, or that cannot be seen. */
void find_missing(const char *path, char *missing, size_t size);

/* run.c: processes whose end is waited for. Of others, orphans of the checks, the end is taken note of too. */
struct child {
	pid_t pid; /* 0 if it does not run and was reaped */
	int ended, status;
};
extern struct child program, checker;
void reap(void);

/* health.c */
struct check {
	int fd;
	double started, next;
	int failures;
	char text[4096];
	size_t length;
};
enum verdict { UNDECIDED, HEALTHY, UNHEALTHY };
/* To be called often: starts, follows and ends checks. `started` is when the program was. */
enum verdict follow_health(struct check *check, const struct job *job, double started);
void end_check(struct check *check);

#endif
