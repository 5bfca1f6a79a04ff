#pragma once
/* What Glibc's Swift module does not export. Declarations and thin wrappers only, no logic. */
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/mman.h>
#include <sys/prctl.h>
