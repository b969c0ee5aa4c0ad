#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "run.h"

#define PASSWD_FIELDS 7
#define GROUP_FIELDS 4

static int is_number(const char *text, unsigned int *number)
{
	char *rest;
	unsigned long value;

	if (*text < '0' || *text > '9')
		return 0;
	errno = 0;
	value = strtoul(text, &rest, 10);
	if (*rest || errno || value > INT_MAX)
		return 0;
	*number = value;
	return 1;
}

/* A named pipe of the image would wait for a writer. */
static FILE *open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat status;

	if (fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
		return fdopen(fd, "r");
	if (fd >= 0)
		close(fd);
	return NULL;
}

/* The next line in fields; 0 at the end of the file. Missing fields are empty. */
static int next_entry(FILE *file, char **line, size_t *size, char **fields, int count)
{
	char *rest;

	if (!file || getline(line, size, file) < 0)
		return 0;
	(*line)[strcspn(*line, "\n")] = '\0';
	rest = *line;
	for (int i = 0; i < count; i++) {
		fields[i] = strsep(&rest, ":");
		if (!fields[i])
			fields[i] = "";
	}
	return 1;
}

static int is_member(char *members, const char *name)
{
	char *member;

	while ((member = strsep(&members, ",")))
		if (!strcmp(member, name))
			return 1;
	return 0;
}

/* By name or number; `name` receives the name, which groups list. */
static int look_up_user(const char *wanted, struct user *user, char *name, size_t size)
{
	char *line = NULL, *field[PASSWD_FIELDS];
	unsigned int uid, gid, number = 0;
	int found = 0, numeric = is_number(wanted, &number);
	size_t room = 0;
	FILE *file = open_file("/etc/passwd");

	while (!found && next_entry(file, &line, &room, field, PASSWD_FIELDS)) {
		if (!is_number(field[2], &uid) || !is_number(field[3], &gid))
			continue;
		found = !strcmp(field[0], wanted) || (numeric && uid == number);
		if (found) {
			user->uid = uid;
			user->gid = gid;
			snprintf(name, size, "%s", field[0]);
			snprintf(user->home, sizeof(user->home), "%s", field[5]);
		}
	}
	if (file)
		fclose(file);
	free(line);
	if (!found && numeric)
		user->uid = number;
	return found || numeric ? 0 : -1;
}

static int look_up_group(const char *wanted, unsigned int *group)
{
	char *line = NULL, *field[GROUP_FIELDS];
	unsigned int gid;
	int found = 0;
	size_t room = 0;
	FILE *file = open_file("/etc/group");

	while (!found && next_entry(file, &line, &room, field, GROUP_FIELDS)) {
		found = !strcmp(field[0], wanted) && is_number(field[2], &gid);
		if (found)
			*group = gid;
	}
	if (file)
		fclose(file);
	free(line);
	return found || is_number(wanted, group) ? 0 : -1;
}

static void look_up_groups(const char *name, struct user *user)
{
	char *line = NULL, *field[GROUP_FIELDS];
	size_t room = 0;
	FILE *file = open_file("/etc/group");

	while (next_entry(file, &line, &room, field, GROUP_FIELDS))
		if (user->group_count < 64 && is_member(field[3], name) &&
		    is_number(field[2], &user->groups[user->group_count]))
			user->group_count++;
	if (file)
		fclose(file);
	free(line);
}

/* `name`, `uid`, `name:group` or `uid:gid`; empty is root. [image-spec config.md, User] */
int find_user(const char *wanted, struct user *user)
{
	char name[256] = "", *copy = strdup(wanted), *rest = copy, *who, *group;
	int failed;

	memset(user, 0, sizeof(*user));
	if (!copy)
		return -1;
	who = strsep(&rest, ":");
	group = rest;
	failed = look_up_user(*who ? who : "0", user, name, sizeof(name));
	if (!failed && group && *group)
		failed = look_up_group(group, &user->gid);
	else if (!failed && *name)
		look_up_groups(name, user);
	if (!user->home[0])
		strcpy(user->home, "/");
	free(copy);
	if (failed)
		errno = ENOENT;
	return failed;
}
