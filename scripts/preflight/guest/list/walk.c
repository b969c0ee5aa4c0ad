/* Lists what could be executed in the merged tree, and what hides what in the layers. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "list.h"

static const char *kinds[] = { "", "program", "library", "script", "other" };

static void visit_entry(struct walk *walk, int dir, struct dirent *entry);

static void walk_folder(struct walk *walk, int fd)
{
	struct dirent *entry;
	DIR *stream = fdopendir(fd);

	if (!stream) {
		close(fd);
		return;
	}
	if (walk->enter)
		walk->enter(walk, fd);
	while ((entry = readdir(stream)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			visit_entry(walk, fd, entry);
	closedir(stream);
}

static void visit_entry(struct walk *walk, int dir, struct dirent *entry)
{
	size_t length = walk->length, added = strlen(entry->d_name) + 1;
	int type = entry->d_type, fd;
	struct stat status;

	/* Deeper than any path that the kernel takes in one call. */
	if (length + added >= sizeof(walk->path))
		return;
	walk->path[length] = '/';
	strcpy(walk->path + length + 1, entry->d_name);
	walk->length += added;
	if ((type == DT_REG && !walk->only_devices) || type == DT_CHR || type == DT_UNKNOWN) {
		if (fstatat(dir, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
			type = S_ISDIR(status.st_mode) ? DT_DIR : DT_REG;
			if (type == DT_REG)
				walk->visit(walk, dir, entry->d_name, &status);
		}
	}
	if (type == DT_DIR) {
		fd = openat(dir, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0)
			walk_folder(walk, fd);
	}
	walk->length = length;
	walk->path[length] = '\0';
}

void walk_tree(struct walk *walk, int root)
{
	int fd = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	walk->length = 0;
	walk->path[0] = '\0';
	if (fd >= 0)
		walk_folder(walk, fd);
}

static void list_file(struct walk *walk, int dir, const char *name, const struct stat *status)
{
	struct judged judged = judge(dir, name, status, 1);
	int position;

	if (judged.kind == KIND_NONE)
		return;
	position = origin_of_merged(walk->path, status);
	if (position < 0)
		return;
	event("file");
	put_text("path", walk->path);
	put_number("layer", listed_job->layers[position].number);
	put_text("kind", kinds[judged.kind]);
	put_number("mode", status->st_mode & 07777);
	put_number("uid", status->st_uid);
	put_number("gid", status->st_gid);
	if (judged.capability[0])
		put_text("capability", judged.capability);
	if (judged.interpreter[0])
		put_text("interpreter", judged.interpreter);
	put_outcome("outcome", judged.error);
	send_listed();
}

static void list_all(void)
{
	struct walk walk = { .visit = list_file };
	char dir[64];

	for (int i = 0; i < listed_job->layer_count; i++) {
		snprintf(dir, sizeof(dir), LAYERS "/%d", i);
		layer_roots[i] = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (layer_roots[i] < 0)
			fail(dir);
	}
	merged_root = open(MERGED, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* The audit log names files from the root of who maps them: then as the image does. */
	if (merged_root < 0 || chroot(MERGED) || chdir("/"))
		fail(MERGED);
	walk_tree(&walk, merged_root);
	list_hidden();
}

void list_files(const struct job *job)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		fail("fork");
	listed_job = job;
	if (child == 0) {
		list_all();
		_exit(0);
	}
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (status)
		fatal("the list of files is not complete");
}
