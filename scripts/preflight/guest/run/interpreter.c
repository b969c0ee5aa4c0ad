/*
 * execve(2) says ENOENT of a program that is there if its interpreter is not: the one that a script names, or the
 * loader of an ELF program. An interpreter may be a script, too.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../list/list.h"
#include "run.h"

/* More scripts in a row no kernel executes. [binfmts.h, BINPRM_MAX_RECURSION] */
#define DEEPEST 6

void find_missing(const char *path, char *missing, size_t size)
{
	char next[sizeof(((struct judged *)0)->interpreter)], real[PATH_MAX];
	struct judged judged;
	struct stat status;

	*missing = '\0';
	for (int depth = 0; depth < DEEPEST; depth++) {
		/* A part of the path may lead elsewhere, and a list of files knows them without links. */
		if (!realpath(path, real) || stat(real, &status)) {
			if (depth > 0 && errno == ENOENT)
				snprintf(missing, size, "%s", path);
			return;
		}
		judged = judge(AT_FDCWD, real, &status, 0);
		if (judged.kind == KIND_SCRIPT)
			judged.interpreter[strcspn(judged.interpreter, " \t")] = '\0';
		if (!judged.interpreter[0])
			return;
		strcpy(next, judged.interpreter);
		path = next;
	}
}
