/*
 * What a kernel could be asked to execute: a regular file with an execute bit (execve asks for one), and an
 * ELF file without it that is named like something that a program loads: *.so, *.so.*, *.node. Other files
 * are not read: an image has a hundred thousand of them. What a program maps executable all the same, such
 * as an archive of compiled code, shows in the run.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "list.h"

/* The program headers and the interpreter's name nearly always lie in it. */
#define HEAD 1024

static int named_like_library(const char *name)
{
	size_t length = strlen(name);
	const char *at = name;

	while ((at = strstr(at, ".so"))) {
		at += 3;
		if (*at == '\0' || *at == '.')
			return 1;
	}
	return length > 5 && !strcmp(name + length - 5, ".node");
}

int may_be_executed(const char *name, const struct stat *status)
{
	return S_ISREG(status->st_mode) && ((status->st_mode & 0111) || named_like_library(name));
}

/* Headers are read in the layout of this machine: a program of another architecture is not run here. */
static int elf_interpreter(int fd, const char *head, size_t length, struct judged *judged)
{
	Elf64_Ehdr header;
	Elf64_Phdr segment;

	if (length < sizeof(header) || head[EI_CLASS] != ELFCLASS64 || head[EI_DATA] != ELFDATA2LSB)
		return 0;
	memcpy(&header, head, sizeof(header));
	for (int i = 0; i < header.e_phnum; i++) {
		uint64_t at = header.e_phoff + (uint64_t)i * sizeof(segment);

		if (header.e_phentsize != sizeof(segment) || at > length - sizeof(segment))
			return 0;
		memcpy(&segment, head + at, sizeof(segment));
		if (segment.p_type != PT_INTERP)
			continue;
		length = segment.p_filesz < sizeof(judged->interpreter) ? segment.p_filesz :
									  sizeof(judged->interpreter) - 1;
		if (pread(fd, judged->interpreter, length, segment.p_offset) < 0)
			judged->interpreter[0] = '\0';
		judged->interpreter[sizeof(judged->interpreter) - 1] = '\0';
		return 1;
	}
	return 0;
}

static enum kind elf_kind(int fd, const char *head, size_t length, int library_name, int executable,
			  struct judged *judged)
{
	int interpreted = elf_interpreter(fd, head, length, judged);
	int type = length > 17 ? (unsigned char)head[16] | (unsigned char)head[17] << 8 : 0;

	if (type == ET_EXEC)
		return KIND_PROGRAM;
	if (type != ET_DYN)
		return KIND_OTHER;
	/* Some libraries can be started, such as the C library: their name decides. */
	if (library_name)
		return KIND_LIBRARY;
	return interpreted || executable ? KIND_PROGRAM : KIND_LIBRARY;
}

/* The line after `#!` as the file has it: the interpreter, and what is handed to it. */
static void script_interpreter(const char *head, size_t length, struct judged *judged)
{
	size_t from = 2, to;

	while (from < length && (head[from] == ' ' || head[from] == '\t'))
		from++;
	for (to = from; to < length && to - from + 1 < sizeof(judged->interpreter) && head[to] != '\n' && head[to];)
		to++;
	/* A carriage return is a part of the name to the kernel. */
	while (to > from && (head[to - 1] == ' ' || head[to - 1] == '\t'))
		to--;
	memcpy(judged->interpreter, head + from, to - from);
	judged->interpreter[to - from] = '\0';
}

static void read_capability(int fd, struct judged *judged)
{
	unsigned char value[sizeof(judged->capability) / 2];
	ssize_t length = fgetxattr(fd, "security.capability", value, sizeof(value));

	for (ssize_t i = 0; i < length; i++)
		sprintf(judged->capability + 2 * i, "%02x", value[i]);
}

struct judged judge(int dir, const char *name, const struct stat *status, int map)
{
	int executable = (status->st_mode & 0111) != 0, library_name = named_like_library(name), fd;
	struct judged judged = { .kind = KIND_NONE };
	char head[HEAD];
	ssize_t length;
	void *place;

	if (!may_be_executed(name, status))
		return judged;
	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	length = fd < 0 ? -1 : pread(fd, head, sizeof(head), 0);
	if (length < 0) {
		judged.kind = KIND_OTHER;
		judged.error = errno;
	} else {
		if (length > 4 && !memcmp(head, ELFMAG, SELFMAG))
			judged.kind = elf_kind(fd, head, length, library_name, executable, &judged);
		else if (executable)
			judged.kind = length > 2 && !memcmp(head, "#!", 2) ? KIND_SCRIPT : KIND_OTHER;
		if (judged.kind == KIND_SCRIPT)
			script_interpreter(head, length, &judged);
		if (map && judged.kind != KIND_NONE) {
			read_capability(fd, &judged);
			place = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
			if (place == MAP_FAILED)
				judged.error = errno;
			else
				munmap(place, 4096);
		}
	}
	if (fd >= 0)
		close(fd);
	return judged;
}
