/*
 * Trees of files, in the guest and on the host.
 *
 *   tree list [--tar] DIR     a line for DIR and each path below it, sorted
 *   tree merge LOWER UPPER    puts what UPPER leaves visible of LOWER into UPPER; for --tar trees
 *
 * With --tar, whiteouts are the marker files of image layers (.wh.NAME, .wh..wh..opq), else those of
 * overlayfs; both are listed the same way. [image-spec layer.md; kernel filesystems/overlayfs.rst]
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "sha256.h"

#define MARKER ".wh."
#define OPAQUE_MARKER ".wh..wh..opq"
#define OPAQUE_XATTR "trusted.overlay.opaque"
/* mkfs.erofs puts it, empty, on folders with whiteouts; nothing of the layer's. */
#define ORIGIN_XATTR "trusted.overlay.origin"

struct name {
	char *text;
	int whiteout;
};

struct names {
	struct name *items;
	size_t count;
	int opaque;
};

/* The first path of each inode that has several. */
static struct link {
	dev_t dev;
	ino_t ino;
	char *path;
} *links;
static size_t link_count;

static int tar_markers;

static void die(const char *what)
{
	fprintf(stderr, "tree: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void *resized(void *old, size_t size)
{
	void *new = realloc(old, size);

	if (!new)
		die("memory");
	return new;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->text, ((const struct name *)b)->text);
}

static struct names read_names(const char *dir)
{
	struct names names = { 0 };
	struct dirent *entry;
	DIR *stream = opendir(dir);

	if (!stream)
		die(dir);
	while ((errno = 0, entry = readdir(stream))) {
		const char *text = entry->d_name;
		int whiteout = 0;

		if (!strcmp(text, ".") || !strcmp(text, ".."))
			continue;
		if (tar_markers && !strcmp(text, OPAQUE_MARKER)) {
			names.opaque = 1;
			continue;
		}
		if (tar_markers && !strncmp(text, MARKER, strlen(MARKER))) {
			text += strlen(MARKER);
			whiteout = 1;
		}
		names.items = resized(names.items, (names.count + 1) * sizeof(*names.items));
		names.items[names.count].text = strdup(text);
		names.items[names.count++].whiteout = whiteout;
	}
	if (errno)
		die(dir);
	closedir(stream);
	if (names.count)
		qsort(names.items, names.count, sizeof(*names.items), by_text);
	return names;
}

static void free_names(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i].text);
	free(names->items);
}

static char *joined(const char *dir, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		die("memory");
	return path;
}

/* Lines are plain ASCII without spaces inside a field, whatever the names are. */
static void print_escaped(const char *text)
{
	for (const unsigned char *c = (const void *)text; *c; c++)
		if (*c <= ' ' || *c > '~' || *c == '\\')
			printf("\\x%02x", *c);
		else
			putchar(*c);
}

static void print_content(const char *path, off_t size)
{
	static uint8_t buffer[256 * 1024];
	struct sha256 sha;
	char hex[65];
	ssize_t length;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	sha256_start(&sha);
	while (fd >= 0 && (length = read(fd, buffer, sizeof(buffer))) > 0)
		sha256_add(&sha, buffer, length);
	if (fd < 0 || length < 0) {
		printf(" %lld error:%s", (long long)size, strerrorname_np(errno));
	} else {
		sha256_end(&sha, hex);
		printf(" %lld sha256:%s", (long long)size, hex);
	}
	if (fd >= 0)
		close(fd);
}

static void print_target(const char *path)
{
	char target[PATH_MAX];
	ssize_t length = readlink(path, target, sizeof(target) - 1);

	if (length < 0)
		die(path);
	target[length] = '\0';
	printf(" -> ");
	print_escaped(target);
}

/* Link counts tell of names that are hidden; what counts is which visible names are one file. */
static void print_link(const char *shown, const struct stat *st)
{
	for (size_t i = 0; i < link_count; i++) {
		if (links[i].dev == st->st_dev && links[i].ino == st->st_ino) {
			printf(" same-as:");
			print_escaped(links[i].path);
			return;
		}
	}
	links = resized(links, (link_count + 1) * sizeof(*links));
	links[link_count++] = (struct link){ st->st_dev, st->st_ino, strdup(shown) };
}

static int strings_in_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void print_xattrs(const char *path, int *opaque)
{
	char list[64 * 1024], value[64 * 1024], *names[1024];
	ssize_t length = llistxattr(path, list, sizeof(list));
	size_t count = 0;

	if (length < 0)
		die(path);
	for (char *name = list; name < list + length && count < 1024; name += strlen(name) + 1)
		names[count++] = name;
	qsort(names, count, sizeof(*names), strings_in_order);
	for (size_t i = 0; i < count; i++) {
		ssize_t size = lgetxattr(path, names[i], value, sizeof(value));

		if (size < 0)
			die(path);
		if (!strcmp(names[i], OPAQUE_XATTR))
			*opaque = 1;
		if (!strcmp(names[i], OPAQUE_XATTR) || (!strcmp(names[i], ORIGIN_XATTR) && size == 0))
			continue;
		putchar(' ');
		print_escaped(names[i]);
		putchar('=');
		for (ssize_t k = 0; k < size; k++)
			printf("%02x", (unsigned char)value[k]);
	}
}

static void list(const char *dir, const char *shown_dir);

/* Lists what is at `path`; the folder that the listing begins with has the empty name. */
static void list_one(const char *path, const char *shown, int whiteout)
{
	struct stat st = { 0 };
	int opaque = 0;

	if (!whiteout && lstat(path, &st))
		die(path);
	print_escaped(*shown ? shown : "/");
	if (whiteout || (!tar_markers && S_ISCHR(st.st_mode) && st.st_rdev == 0)) {
		puts(" whiteout");
		return;
	}
	printf(" %c", "?pc?d?b?-?l?s???"[st.st_mode >> 12]);
	/* Most file systems have no modes of symbolic links: nothing to compare with. */
	if (!S_ISLNK(st.st_mode))
		printf("%04o", st.st_mode & 07777);
	printf(" %u:%u", st.st_uid, st.st_gid);
	/* What a directory's time is depends on who made it; a layer need not have an entry for it. */
	if (!S_ISDIR(st.st_mode))
		printf(" @%lld", (long long)st.st_mtime);
	if (S_ISREG(st.st_mode))
		print_content(path, st.st_size);
	if (S_ISLNK(st.st_mode))
		print_target(path);
	if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode))
		printf(" %u,%u", major(st.st_rdev), minor(st.st_rdev));
	print_xattrs(path, &opaque);
	if (!S_ISDIR(st.st_mode) && st.st_nlink > 1)
		print_link(shown, &st);
	if (S_ISDIR(st.st_mode)) {
		if (tar_markers) {
			char *marker = joined(path, OPAQUE_MARKER);

			opaque = access(marker, F_OK) == 0;
			free(marker);
		}
		puts(opaque ? " opaque" : "");
		list(path, shown);
	} else {
		putchar('\n');
	}
}

static void list(const char *dir, const char *shown_dir)
{
	struct names names = read_names(dir);

	for (size_t i = 0; i < names.count; i++) {
		char *path = joined(dir, names.items[i].text), *shown = joined(shown_dir, names.items[i].text);

		list_one(path, shown, names.items[i].whiteout);
		free(path);
		free(shown);
	}
	free_names(&names);
}

static int is_directory(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* Moves into `upper` what it does not hide; never copies, so that attributes and links stay. */
static void merge(const char *lower, const char *upper)
{
	struct names above = read_names(upper), below = read_names(lower);

	for (size_t i = 0; i < below.count && !above.opaque; i++) {
		char *from = joined(lower, below.items[i].text), *to = joined(upper, below.items[i].text);
		struct name key = { below.items[i].text, 0 };
		struct name *hiding = above.count ? bsearch(&key, above.items, above.count,
							    sizeof(key), by_text) : NULL;

		if (!hiding) {
			if (rename(from, to))
				die(to);
		} else if (!hiding->whiteout && is_directory(from) && is_directory(to)) {
			merge(from, to);
		}
		free(from);
		free(to);
	}
	free_names(&above);
	free_names(&below);
}

/* Markers have done their work once merged. */
static void remove_markers(const char *dir)
{
	struct names names = read_names(dir);
	char *path = joined(dir, OPAQUE_MARKER);

	if (exists(path) && unlink(path))
		die(path);
	free(path);
	for (size_t i = 0; i < names.count; i++) {
		struct name *name = &names.items[i];

		if (asprintf(&path, "%s/%s%s", dir, name->whiteout ? MARKER : "", name->text) < 0)
			die("memory");
		if (name->whiteout && unlink(path))
			die(path);
		if (!name->whiteout && is_directory(path))
			remove_markers(path);
		free(path);
	}
	free_names(&names);
}

int main(int argc, char **argv)
{
	if (argc >= 3 && !strcmp(argv[1], "list")) {
		tar_markers = argc == 4 && !strcmp(argv[2], "--tar");
		list_one(argv[argc - 1], "", 0);
	} else if (argc == 4 && !strcmp(argv[1], "merge")) {
		tar_markers = 1;
		merge(argv[2], argv[3]);
		remove_markers(argv[3]);
	} else {
		fprintf(stderr, "usage: tree list [--tar] DIR | tree merge LOWER UPPER\n");
		return 2;
	}
	if (fflush(stdout))
		die("output");
	return 0;
}
