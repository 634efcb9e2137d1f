"""A git-lfs server that others have written, at a port of the loopback interface.

lfs-server.py giftless|dulwich PORT FOLDER
"""

import sys

kind, port, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]

if kind == "giftless":
    from werkzeug.middleware.proxy_fix import ProxyFix
    from werkzeug.serving import WSGIRequestHandler, run_simple

    from giftless.app import init_app

    WSGIRequestHandler.protocol_version = "HTTP/1.1"
    storage = {
        "storage_class": "giftless.storage.local_storage:LocalStorage",
        "storage_options": {"path": folder},
        "action_lifetime": 900,
    }
    app = init_app(
        additional_config={
            "AUTH_PROVIDERS": ["giftless.auth.allow_anon:read_write"],
            "TRANSFER_ADAPTERS": {
                "basic": {"factory": "giftless.transfer.basic_streaming:factory", "options": storage}
            },
        }
    )
    run_simple("127.0.0.1", port, ProxyFix(app.wsgi_app, x_proto=1), threaded=True)
else:
    from dulwich.lfs_server import run_lfs_server

    run_lfs_server(host="127.0.0.1", port=port, lfs_dir=folder)[0].serve_forever()
