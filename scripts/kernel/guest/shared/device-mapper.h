/*
 * The device mapper, for the guest of the kernel tests and that of preflight. Functions return 0, or -1 with
 * errno.
 */
#ifndef DEVICE_MAPPER_H
#define DEVICE_MAPPER_H

#include <stddef.h>
#include <stdint.h>

#define DEVICE_NODE "/dev/mapper/"

struct bytes {
	unsigned char *data;
	size_t length;
};

/* What a layer is opened with. */
struct seal {
	uint64_t hash_offset; /* bytes before the superblock */
	const char *root_hash;
	struct bytes signature; /* data is NULL if there is none: a kernel judges an empty one, too */
};

struct target {
	uint64_t start, sectors;
	const char *type;
	char arguments[2048];
};

struct verity {
	uint64_t data_blocks;
	uint32_t data_block, hash_block;
	struct target target;
};

/* The device is then DEVICE_NODE and its name. */
int make_device(const char *name, const struct target *targets, int count);
int remove_device(const char *name);
/* Reads the superblock on `device`, which the table then names; EBADF, as the kernel never says, if there is none. */
int verity_table(const char *device, const struct seal *seal, struct verity *verity);
int open_verity(const char *name, const struct verity *verity, const struct seal *seal);

#endif
