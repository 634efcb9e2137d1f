#ifndef OFFBEAT_CDEFLATE_SHIM_H
#define OFFBEAT_CDEFLATE_SHIM_H

#include <libdeflate.h>

#endif
