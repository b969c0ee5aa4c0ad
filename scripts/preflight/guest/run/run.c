/* Runs the image's program as the first process of a container, and sees how it ends. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "run.h"

/* Milliseconds between looks at the program. */
#define TICK 50
/* Seconds between SIGTERM and SIGKILL. */
#define GRACE 2
/* Seconds for output that a program leaves in its pipes. */
#define DRAIN 1

struct run {
	const struct job *job;
	double started;
	struct output outputs[2];
	struct check check;
};

struct child program, checker;

/*
 * A namespace of processes ends only when all in it are reaped; a program that a check leaves behind has this
 * process as its parent.
 */
void reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		struct child *child = pid == program.pid ? &program : pid == checker.pid ? &checker : NULL;

		if (child) {
			child->ended = 1;
			child->status = status;
		}
	}
}

static struct start start_program(struct run *run)
{
	int namespaces = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC, start[2], out[2], err[2];

	if (pipe2(start, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
		fail("pipe");
	make_cgroup();
	/* The only network is the guest's own. */
	if (!run->job->network)
		namespaces |= CLONE_NEWNET;
	run->started = now();
	program.pid = syscall(SYS_clone, namespaces | SIGCHLD, NULL, NULL, NULL, NULL);
	if (program.pid < 0)
		fail("container");
	if (program.pid == 0) {
		enter_container(run->job->network);
		join_cgroup();
		dup2(out[1], 1);
		dup2(err[1], 2);
		execute(run->job, run->job->arguments, start[1]);
	}
	close(start[1]);
	close(out[1]);
	close(err[1]);
	/* Only what the guest reads must not block: the program may make its end blocking or not. */
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	fcntl(err[0], F_SETFL, O_NONBLOCK);
	open_output(&run->outputs[0], "stdout", out[0]);
	open_output(&run->outputs[1], "stderr", err[0]);
	return read_start(start[0]);
}

/* For at most a tick. Returns whether something came. */
static int follow(struct run *run)
{
	struct pollfd polled[2];
	int came;

	for (int i = 0; i < 2; i++)
		polled[i] = (struct pollfd){ .fd = run->outputs[i].fd, .events = POLLIN };
	came = poll(polled, 2, TICK) > 0;
	for (int i = 0; came && i < 2; i++)
		if (polled[i].revents)
			take_output(&run->outputs[i]);
	if (!came)
		for (int i = 0; i < 2; i++)
			send_first(&run->outputs[i]);
	reap();
	return came;
}

static const char *until_decided(struct run *run)
{
	const struct job *job = run->job;
	enum verdict verdict = UNDECIDED;
	double ran;

	for (;;) {
		follow(run);
		ran = now() - run->started;
		if (program.ended)
			return WIFSIGNALED(program.status) ? "signal" : "exit";
		if (job->health.check)
			verdict = follow_health(&run->check, job, run->started);
		if (verdict != UNDECIDED)
			return verdict == HEALTHY ? "healthy" : "unhealthy";
		if (job->alive > 0 && ran >= job->alive && !job->health.check)
			return "alive";
		if (ran >= job->time)
			return "timeout";
	}
}

static void stop(struct run *run)
{
	double asked = now();

	end_check(&run->check);
	if (!program.ended) {
		kill(program.pid, SIGTERM);
		while (!program.ended && now() - asked < GRACE)
			follow(run);
	}
	if (!program.ended) {
		kill_cgroup();
		kill(program.pid, SIGKILL);
		while (!program.ended)
			follow(run);
	}
	for (asked = now(); now() - asked < DRAIN && (run->outputs[0].fd >= 0 || run->outputs[1].fd >= 0);)
		if (!follow(run))
			break;
	for (int i = 0; i < 2; i++)
		send_rest(&run->outputs[i]);
}

void run_program(const struct job *job)
{
	static struct run run;
	struct start start;
	const char *how;
	double ran;

	run.job = job;
	start = start_program(&run);
	tell_program(program.pid, start.path);
	event("started");
	put_outcome("outcome", start.error);
	put_text("path", start.path);
	if (start.missing[0])
		put_text("missing", start.missing);
	send_event();
	if (start.error) {
		stop(&run);
		return;
	}
	how = until_decided(&run);
	ran = now() - run.started;
	stop(&run);
	event("ended");
	put_text("how", how);
	if (!strcmp(how, "signal"))
		put_number("status", WTERMSIG(program.status));
	else
		put_number("status", !strcmp(how, "exit") ? WEXITSTATUS(program.status) : 0);
	put_seconds("seconds", ran);
	send_event();
}
