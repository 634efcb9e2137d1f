#ifndef OFFBEAT_CKISSFFT_SHIM_H
#define OFFBEAT_CKISSFFT_SHIM_H

#include <kissfft/kiss_fftr.h>

#endif
