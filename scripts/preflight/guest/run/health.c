/*
 * The health check of the image. Runtimes wait a whole interval for the first one; here it is tried at least
 * once a second, and a program is unhealthy if it never was healthy when a runtime would have given up:
 * after the start period and as many intervals as there are tries.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "run.h"

#define NOT_ENTERED 126
#define TIMED_OUT (-1)

static int status_of(int wait_status)
{
	return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

/* Of two processes: a process joins a PID namespace only by its children. */
static void check_in_container(const struct job *job, int output)
{
	int container = syscall(SYS_pidfd_open, program.pid, 0), status, start[2];
	struct start begun;
	pid_t child;

	if (container < 0 || setns(container, CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS) ||
	    pipe2(start, O_CLOEXEC))
		_exit(NOT_ENTERED);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	child = fork();
	if (child == 0) {
		dup2(output, 1);
		dup2(output, 2);
		close(start[0]);
		join_cgroup();
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execute(job, job->health.check, start[1]);
	}
	close(start[1]);
	begun = read_start(start[0]);
	/* A check without its program says nothing itself. */
	if (begun.error && begun.path[0])
		dprintf(output, "%s: %s\n", begun.missing[0] ? begun.missing : begun.path, strerror(begun.error));
	close(output);
	if (child < 0 || waitpid(child, &status, 0) < 0)
		_exit(NOT_ENTERED);
	_exit(status_of(status));
}

static void start_check(struct check *check, const struct job *job)
{
	int output[2];

	if (pipe2(output, O_CLOEXEC | O_NONBLOCK))
		fail("pipe");
	check->started = now();
	check->length = 0;
	checker = (struct child){ .pid = fork() };
	/* The program may have left no room for a process. */
	if (checker.pid < 0) {
		checker.pid = 0;
		check->next = now() + 1;
		close(output[0]);
		close(output[1]);
		return;
	}
	check->fd = output[0];
	if (checker.pid == 0)
		check_in_container(job, output[1]);
	close(output[1]);
}

static void read_check(struct check *check)
{
	char rest[4096];
	ssize_t length;

	while ((length = read(check->fd, rest, sizeof(rest))) > 0) {
		size_t room = sizeof(check->text) - check->length;

		if ((size_t)length > room)
			length = room;
		memcpy(check->text + check->length, rest, length);
		check->length += length;
	}
}

void end_check(struct check *check)
{
	if (!checker.pid)
		return;
	kill(checker.pid, SIGKILL);
	while (!checker.ended) {
		reap();
		usleep(1000);
	}
	close(check->fd);
	checker.pid = 0;
}

static void report_check(const struct check *check, int status)
{
	event("health");
	put_number("status", status);
	put_bytes("text", check->text, check->length);
	send_event();
}

enum verdict follow_health(struct check *check, const struct job *job, double started)
{
	const struct health *health = &job->health;
	int status = TIMED_OUT;

	if (!checker.pid) {
		if (now() >= check->next)
			start_check(check, job);
		return UNDECIDED;
	}
	reap();
	read_check(check);
	if (!checker.ended && now() - check->started < health->timeout)
		return UNDECIDED;
	if (checker.ended)
		status = status_of(checker.status);
	end_check(check);
	report_check(check, status);
	check->next = now() + (health->interval < 1 ? health->interval : 1);
	if (status == 0)
		return HEALTHY;
	check->failures++;
	return check->failures >= health->retries &&
			       now() - started > health->start_period + health->interval * health->retries ?
		       UNHEALTHY :
		       UNDECIDED;
}
