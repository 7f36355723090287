/* The kernel's memory can only be read. */
BEGIN { curthread->tgid = 1; }
