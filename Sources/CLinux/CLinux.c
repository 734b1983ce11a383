#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

int linux_memory_file(void) {
    return memfd_create("proof", MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

int linux_freeze(int descriptor) {
    return fcntl(descriptor, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
}

int linux_pipe(int ends[2]) {
    return pipe2(ends, O_CLOEXEC);
}

int linux_leave_everything(posix_spawn_file_actions_t *actions) {
    int code = posix_spawn_file_actions_addclosefrom_np(actions, 3);
    return code != 0 ? code : posix_spawn_file_actions_addchdir_np(actions, "/");
}
