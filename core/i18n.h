/* i18n: the three marks that make a sentence translatable. English in the source, Vietnamese in po/vi.po.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOTCUA_CORE_I18N_H
#define MOTCUA_CORE_I18N_H

#include <libintl.h>

#define _(text)  gettext(text)
#define N_(text) (text) /* for tables: marked here, translated where it is shown */

/* The same English words with two Vietnamese ones: C_("column", "Received"). */
#define C_(context, text)  i18n_in_context(context "\004" text, text)
#define NC_(context, text) (context "\004" text) /* for tables; shown through i18n_shown() */

const char *i18n_in_context(const char *key, const char *text) __attribute__((format_arg(2)));
const char *i18n_shown(const char *key); /* of NC_() or N_(): translated, else the part after the context */

#endif
