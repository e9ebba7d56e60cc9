fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let strict = args.iter().any(|a| a == "--strict");
    let file = args.iter().filter(|a| !a.starts_with("--") && *a != "redact").next().unwrap();
    let mut policy = casefile::redact::Policy::default();
    policy.strict = strict;
    let mut r = casefile::redact::Redactor::new(policy);
    let mut out = std::io::BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    if file == "-" { r.stream(std::io::stdin().lock(), &mut out).unwrap(); return; }
    let l = r.learn(std::fs::File::open(file).unwrap()).unwrap();
    let o = r.write(l, std::fs::File::open(file).unwrap(), &mut out).unwrap();
    for t in &o.taken { eprintln!("{} {} {:?}", t.rule, t.count, &t.lines[..t.lines.len().min(5)]); }
    for t in &o.withheld { eprintln!("WITHHELD {} {} {:?}", t.rule, t.count, t.lines); }
}
