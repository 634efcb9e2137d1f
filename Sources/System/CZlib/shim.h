#ifndef OFFBEAT_CZLIB_SHIM_H
#define OFFBEAT_CZLIB_SHIM_H

#include <zlib.h>

#endif
