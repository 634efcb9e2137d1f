#ifndef OFFBEAT_CEBUR128_SHIM_H
#define OFFBEAT_CEBUR128_SHIM_H

#include <ebur128.h>

#endif
