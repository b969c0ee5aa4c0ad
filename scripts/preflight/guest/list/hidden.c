/* What a layer hides of those below it, and which of its own executable files are hidden. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "list.h"

#define OPAQUE "trusted.overlay.opaque"

static int is_opaque(int dir)
{
	char value;

	return fgetxattr(dir, OPAQUE, &value, 1) == 1 && value == 'y';
}

static int open_in(int root, const char *path)
{
	struct stat status;

	path += strspn(path, "/");
	if (*path && (status_in(root, path, &status) || !S_ISDIR(status.st_mode)))
		return -1;
	return openat(root, *path ? path : ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Whether a layer from `lowest` up has the path. */
static int is_provided(const char *path, int lowest)
{
	struct stat status;

	for (int i = lowest; i < listed_job->layer_count; i++)
		if (status_in(layer_roots[i], path, &status) == 0 && !is_whiteout(&status))
			return 1;
	return 0;
}

/* Whether the merged tree has the path, though only layers below `lowest` have it. */
static int shows_through(const char *path, int lowest)
{
	struct stat status;

	if (status_in(merged_root, path, &status))
		return 0;
	if (S_ISDIR(status.st_mode))
		return !is_provided(path, lowest);
	return origin_of_merged(path, &status) < lowest;
}

/* The folder `path` as each layer below `position` has it: does a name of it show through? */
static int folder_shows_through(const char *path, int position, int lowest)
{
	static char child[MAX_PATH + 256];
	struct dirent *entry;
	int shows = 0;

	for (int i = 0; i < position && !shows; i++) {
		int fd = open_in(layer_roots[i], path);
		DIR *stream = fd < 0 ? NULL : fdopendir(fd);

		while (stream && !shows && (entry = readdir(stream))) {
			if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
				continue;
			snprintf(child, sizeof(child), "%s/%s", path, entry->d_name);
			if (strlen(child) < MAX_PATH)
				shows = shows_through(child, lowest);
		}
		if (stream)
			closedir(stream);
		else if (fd >= 0)
			close(fd);
	}
	return shows;
}

static void report_whiteout(const struct walk *walk, const char *kind, int effective)
{
	event("whiteout");
	put_number("layer", listed_job->layers[walk->position].number);
	put_text("path", walk->length ? walk->path : "/");
	put_text("kind", kind);
	put_flag("effective", effective);
	send_listed();
}

/* A layer above `position` that hides the path, the topmost first, or -1. */
static int hidden_by(const char *path, int position)
{
	static char part[MAX_PATH];
	struct stat status;
	size_t length;

	for (int i = listed_job->layer_count - 1; i > position; i--) {
		for (length = 1; path[length - 1]; length++) {
			int last = path[length] == '\0', fd, opaque;

			if (!last && path[length] != '/')
				continue;
			memcpy(part, path, length);
			part[length] = '\0';
			if (status_in(layer_roots[i], part, &status))
				break;
			if (last || !S_ISDIR(status.st_mode))
				return i;
			fd = open_in(layer_roots[i], part);
			opaque = fd >= 0 && is_opaque(fd);
			if (fd >= 0)
				close(fd);
			if (opaque)
				return i;
		}
	}
	return -1;
}

static void visit_shadowed(struct walk *walk, int dir, const char *name, const struct stat *status)
{
	struct stat merged;
	int by, visible;

	visible = status_in(merged_root, walk->path, &merged) == 0 && !S_ISDIR(merged.st_mode) &&
		  origin_of_merged(walk->path, &merged) == walk->position;
	if (visible || judge(dir, name, status, 0).kind == KIND_NONE)
		return;
	by = hidden_by(walk->path, walk->position);
	if (by < 0)
		return;
	event("shadowed");
	put_text("path", walk->path);
	put_number("layer", listed_job->layers[walk->position].number);
	put_number("by", listed_job->layers[by].number);
	send_listed();
}

static void visit_layer(struct walk *walk, int dir, const char *name, const struct stat *status)
{
	if (is_whiteout(status))
		report_whiteout(walk, "file",
				!shows_through(walk->path, walk->position) &&
					!folder_shows_through(walk->path, walk->position, walk->position + 1));
	else if (may_be_executed(name, status))
		visit_shadowed(walk, dir, name, status);
}

static void enter_folder(struct walk *walk, int dir)
{
	if (is_opaque(dir))
		report_whiteout(walk, "opaque", !folder_shows_through(walk->path, walk->position, walk->position));
}

void list_hidden(void)
{
	struct walk walk = { .visit = visit_layer, .enter = enter_folder };

	for (walk.position = 0; walk.position < listed_job->layer_count; walk.position++) {
		/* Nothing hides a file of the topmost layer, which is often the only one. */
		walk.only_devices = walk.position + 1 == listed_job->layer_count;
		walk_tree(&walk, layer_roots[walk.position]);
	}
}
