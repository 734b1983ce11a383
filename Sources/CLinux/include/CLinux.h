// Calls of Linux that Swift's Glibc module does not show, for it is built without _GNU_SOURCE.
#ifndef CLINUX_H
#define CLINUX_H

#include <spawn.h>

/// A new file that lies in memory only, closed when another program begins; -1 with errno.
int linux_memory_file(void);

/// Lets nobody change such a file any more; -1 with errno.
int linux_freeze(int descriptor);

/// A pipe whose ends are closed when another program begins, the reading one first; -1 with errno.
int linux_pipe(int ends[2]);

/// Has a program begin in the root folder with no file but the first three; 0, or the number of the error.
int linux_leave_everything(posix_spawn_file_actions_t *actions);

#endif
