public import Files
import Glibc

/// A web server as a team has one: nginx in front of git's own `git http-backend`, and of a git-lfs server where there is one.
///
/// Repositories are `<root>/<team>/<name>.git`, at `<url>/<team>/<name>.git`.
public final class WebServer: Sendable {
    /// What the server is like.
    public struct Settings: Sendable {
        /// Who may ask, by name and password; nobody in it lets everybody.
        public var people: [String: String] = [:]
        /// The certificate and the key that it speaks TLS with.
        public var certificate: (file: FilePath, key: FilePath)?
        /// Which TLS it speaks, as nginx names it.
        public var tls = "TLSv1.2 TLSv1.3"
        /// The port of a git-lfs server that it stands in front of.
        public var filesAt: UInt16?
        /// Whether git is only given requests that have come whole, as nginx does unless told otherwise: of one that is cut off,
        /// git's `http-backend` never comes to an end.
        public var collectsRequests = false
        /// A folder from which it gives files at `/files/`, and into which it takes them.
        public var storage: FilePath?
        /// Whether it hands out the files itself, also in parts, as large hosts do.
        public var handsOutFiles = false
        /// Where that one keeps its files.
        public var filesIn: FilePath?
        /// The largest body that it takes, as nginx writes it; 0 for any.
        public var bodyLimit = "0"

        /// An open server without TLS.
        public init() {}
    }

    /// Where the repositories are.
    public let root: FilePath
    /// The port that it listens at.
    public let port: UInt16
    private let settings: Settings
    private let place: FilePath
    private let gateway: ServerProcess
    private let server: ServerProcess

    /// Whether all that it needs is installed.
    public static let isInstalled =
        FileSystem.exists("/usr/sbin/nginx") && FileSystem.exists("/usr/sbin/fcgiwrap")

    /// Starts it, with all that it needs in a folder.
    public init(in place: FilePath, _ settings: Settings = Settings()) throws {
        self.place = place
        self.settings = settings
        root = place.appending("repositories")
        port = try LoopbackPort.free()
        for folder in ["repositories", "temporary"] { try FileSystem.makeDirectories(place.appending(folder)) }
        let socket = place.appending("gateway")
        gateway = try ServerProcess(
            ["/usr/sbin/fcgiwrap", "-c", "4", "-s", "unix:\(socket)"],
            environment: hermeticEnvironment(home: place), log: place.appending("gateway.log"))
        try gateway.wait { FileSystem.exists(socket) }
        try FileSystem.write(
            settings.people.map { "\($0.key):{PLAIN}\($0.value)\n" }.joined(), to: place.appending("people"))
        let configuration = place.appending("nginx.conf")
        try FileSystem.write(Self.configuration(place, socket, port, settings), to: configuration)
        server = try ServerProcess(
            ["/usr/sbin/nginx", "-c", configuration.string, "-e", place.appending("errors.log").string],
            log: place.appending("server.log"))
        let port = port
        try server.wait { LoopbackPort.answers(port) }
    }

    /// Where it is.
    public var url: String { "\(settings.certificate == nil ? "http" : "https")://localhost:\(port)" }

    /// What was asked of it, a line for each request: method, target, status.
    public var requests: [String] {
        let text = (try? FileSystem.read(place.appending("requests.log"))).map {
            String(decoding: $0, as: UTF8.self)
        }
        return text?.split(separator: "\n").map(String.init) ?? []
    }

    /// Makes an empty repository that takes pushes, and gives its URL.
    public func makeRepository(_ name: String, home: FilePath) throws -> String {
        let path = root.appending("\(name).git")
        for arguments in [
            ["init", "-q", "--bare", "--initial-branch=main", path.string],
            ["-C", path.string, "config", "http.receivepack", "true"],
        ] {
            let git = try run(command: "git", arguments: arguments, environment: hermeticEnvironment(home: home))
            guard git.status == 0 else { throw RunError(description: git.stderr) }
        }
        return "\(url)/\(name).git"
    }

    /// Ends it.
    public func stop() {
        server.stop()
        gateway.stop()
    }

    private static func configuration(
        _ place: FilePath, _ socket: FilePath, _ port: UInt16, _ settings: Settings
    ) -> String {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
            "\($0)_temp_path \(place)/temporary/\($0);"
        }
        let tls = settings.certificate.map {
            "ssl_certificate \($0.file); ssl_certificate_key \($0.key); ssl_protocols \(settings.tls);"
        }
        let people = settings.people.isEmpty ? "" : "auth_basic git; auth_basic_user_file \(place)/people;"
        let files = settings.filesAt.map { files in
            """
            location / {
              proxy_pass http://127.0.0.1:\(files); proxy_set_header Host $http_host;
              proxy_set_header X-Forwarded-Proto $scheme; proxy_http_version 1.1; proxy_set_header Connection "";
              proxy_request_buffering off; proxy_buffering off;
            }
            """
        }
        let handedOut = settings.filesIn.map { folder in
            """
            location ~ ^/(?<team>[^/]+)/(?<name>[^/]+?)(\\.git)?/objects/storage/(?<oid>[0-9a-f]+)$ {
              error_page 418 = @files; if ($request_method != GET) { return 418; }
              alias \(folder)/$team/$name/$oid;
            }
            location @files {
              proxy_pass http://127.0.0.1:\(settings.filesAt ?? 0); proxy_set_header Host $http_host;
              proxy_set_header X-Forwarded-Proto $scheme; proxy_http_version 1.1; proxy_set_header Connection "";
              proxy_request_buffering off; proxy_buffering off;
            }
            """
        }
        let parameters = [
            "SCRIPT_FILENAME /usr/lib/git-core/git-http-backend", "GIT_HTTP_EXPORT_ALL \"\"",
            "GIT_PROJECT_ROOT \(place)/repositories", "PATH_INFO $uri", "REMOTE_USER $remote_user",
            "QUERY_STRING $query_string", "REQUEST_METHOD $request_method", "CONTENT_TYPE $content_type",
            "CONTENT_LENGTH $content_length", "HTTP_CONTENT_ENCODING $http_content_encoding",
            "HTTP_GIT_PROTOCOL $http_git_protocol",
        ].map { "fastcgi_param \($0);" }
        return """
            daemon off;
            \(getuid() == 0 ? "user root;" : "")
            pid \(place)/server.pid;
            worker_processes 1;
            events { worker_connections 512; }
            http {
              log_format plain '$request_method $request_uri $status';
              access_log \(place)/requests.log plain;
              \(temporary.joined(separator: "\n"))
              client_max_body_size \(settings.bodyLimit);
              keepalive_requests 100000;
              server {
                listen 127.0.0.1:\(port)\(settings.certificate == nil ? "" : " ssl");
                \(tls ?? "")
                location ~ \\.git/(HEAD|info/refs|objects/.*|git-upload-pack|git-receive-pack)$ {
                  \(people)
                  fastcgi_pass unix:\(socket);
                  \(parameters.joined(separator: "\n"))
                  fastcgi_request_buffering \(settings.collectsRequests ? "on" : "off"); fastcgi_buffering off; fastcgi_read_timeout 600;
                }
                location ~ \\.git/info/lfs/ {
                  \(people)
                  \(settings.filesAt == nil ? "return 404;" : "proxy_pass http://127.0.0.1:\(settings.filesAt ?? 0);")
                  proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto $scheme;
                  proxy_http_version 1.1; proxy_set_header Connection "";
                }
                \(settings.storage.map { "location /files/ { alias \($0)/; dav_methods PUT; }" } ?? "")
                \(handedOut ?? "")
                \(files ?? "")
              }
            }

            """
    }
}
