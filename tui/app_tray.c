/* app_tray: the way to the tray from anywhere.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/app_internal.h"

#include "tui/tray_run.h"

struct tray *app_tray(struct app *app)
{
    return &app->tray;
}

void app_sign_on(struct app *app)
{
    app_replace(app, &view_tray, &(struct view_arg){.action = "sign"});
}

void app_open_tray(struct app *app)
{
    const struct tray_run *run = app->tray.run;
    bool shows_run = run && app->top->ops != &view_batch && (run->stage != RUN_OVER || !run->told);

    if (shows_run)
        app_open(app, &view_batch, NULL);
    else if (app->top->ops == &view_batch)
        app_replace(app, &view_tray, NULL);
    else if (app->top->ops != &view_tray)
        app_open(app, &view_tray, NULL);
}
