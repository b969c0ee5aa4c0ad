#ifndef LIST_H
#define LIST_H

#include "../guest.h"

enum kind { KIND_NONE, KIND_PROGRAM, KIND_LIBRARY, KIND_SCRIPT, KIND_OTHER };

struct judged {
	enum kind kind;
	char interpreter[256]; /* empty if there is none */
	char capability[129]; /* security.capability in hexadecimal digits, or empty */
	int error; /* of mapping it executable */
};

/* judge.c */
int may_be_executed(const char *name, const struct stat *status); /* of anything else, no content is read */
/* `map` asks the kernel too. */
struct judged judge(int dir, const char *name, const struct stat *status, int map);

/* walk.c: calls `visit` for what is in and below a folder. Paths begin with a slash. */
struct walk {
	void (*visit)(struct walk *walk, int dir, const char *name, const struct stat *status);
	void (*enter)(struct walk *walk, int dir); /* for each folder, or NULL */
	int position; /* of the layer */
	int only_devices; /* regular files are not visited */
	size_t length;
	char path[MAX_PATH];
};
void walk_tree(struct walk *walk, int root);

/* origin.c */
extern const struct job *listed_job;
extern int layer_roots[MAX_LAYERS], merged_root;
/* Position of the layer that a file of the merged tree is from, -1 if unknown. */
int origin_of_merged(const char *path, const struct stat *status);

/* hidden.c */
void list_hidden(void);

#endif
