#ifndef OFFBEAT_CKISSFFT_SHIM_H
#define OFFBEAT_CKISSFFT_SHIM_H

#include <kiss_fftr.h>

#endif
