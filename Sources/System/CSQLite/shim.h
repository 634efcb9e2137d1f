#ifndef OFFBEAT_CSQLITE_SHIM_H
#define OFFBEAT_CSQLITE_SHIM_H

#include <sqlite3.h>

#endif
