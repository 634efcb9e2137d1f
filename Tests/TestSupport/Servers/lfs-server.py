"""A git-lfs server at a port of the loopback interface: one that others have written, or a plain one that only answers
questions, while the web server in front of it takes and gives the files at /files/.

lfs-server.py giftless|dulwich|plain PORT FOLDER
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
elif kind == "plain":
    import http.server
    import json
    import os

    class Questions(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = 1 << 16

        def log_message(self, *words):
            pass

        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))) or b"{}")
            if self.path.endswith("/locks/verify"):
                return self.answer({"ours": [], "theirs": self.locks()})
            objects = [self.decide(file, asked["operation"]) for file in asked["objects"]]
            self.answer({"transfer": "basic", "objects": objects})

        def locks(self):
            # What others have locked, as a test has laid it down beside the files.
            if not os.path.exists(folder + ".locks"):
                return []
            with open(folder + ".locks", encoding="utf-8") as file:
                return json.load(file)

        def decide(self, file, operation):
            place = {"href": f"http://{self.headers['Host']}/files/{file['oid']}"}
            is_here = os.path.exists(os.path.join(folder, file["oid"]))
            if is_here and operation == "download":
                file["actions"] = {"download": place}
            elif operation == "download":
                file["error"] = {"code": 404, "message": "there is no such file"}
            elif not is_here:
                file["actions"] = {"upload": place}
            return file

        def answer(self, document):
            body = json.dumps(document).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/vnd.git-lfs+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            self.send_error(404)

    http.server.ThreadingHTTPServer(("127.0.0.1", port), Questions).serve_forever()
else:
    from dulwich.lfs_server import run_lfs_server

    run_lfs_server(host="127.0.0.1", port=port, lfs_dir=folder)[0].serve_forever()
