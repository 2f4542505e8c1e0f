//! Parquet in and out. The only module that knows the library underneath (parquet, without Arrow).

use bytes::Bytes;
use parquet::basic::{Compression, ConvertedType, Encoding, Repetition, Type as Physical, ZstdLevel};
use parquet::column::reader::ColumnReader;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, ParquetMetaData};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use std::io::Write;
use std::sync::Arc;

/// A column to be written.
pub enum Values {
    /// Numbers of so many decimals as whole multiples of the last, no missing values.
    Decimal {
        units: Vec<i32>,
        decimals: u8,
    },
    Number(Vec<Option<f64>>),
    Integer(Vec<Option<i64>>),
    Text(Vec<Option<String>>),
}

/// The largest whole number that a Parquet decimal of 32 bits may hold: nine digits.
const MOST_UNITS: f64 = 999_999_999.0;
/// So many decimals are tried before numbers are written as they are.
const MOST_DECIMALS: u8 = 4;

impl Values {
    /// Numbers as decimals where that loses nothing, which packs three times as tightly; else as they are.
    pub fn of_numbers(values: Vec<Option<f64>>) -> Self {
        for decimals in 0..=MOST_DECIMALS {
            if let Some(units) = values.iter().map(|value| in_units(value.as_ref(), decimals)).collect() {
                return Values::Decimal { units, decimals };
            }
        }
        Values::Number(values)
    }

    fn len(&self) -> usize {
        match self {
            Values::Decimal { units, .. } => units.len(),
            Values::Number(values) => values.len(),
            Values::Integer(values) => values.len(),
            Values::Text(values) => values.len(),
        }
    }
}

/// A number as a multiple of its last decimal, if reading it back gives the same number.
fn in_units(value: Option<&f64>, decimals: u8) -> Option<i32> {
    let (value, scale) = (*value?, scale(decimals));
    let units = (value * scale).round();
    let same = units.abs() <= MOST_UNITS && units / scale == value;
    same.then_some(units as i32)
}

/// Ten to the number of decimals.
fn scale(decimals: u8) -> f64 {
    10f64.powi(decimals.into())
}

/// How tightly a column is packed, by its rows: the last seventh of the size costs fifty times the time, which only short
/// columns are worth. No column takes longer than a third of a second until its size alone does.
fn level(rows: usize) -> i32 {
    if rows <= SHORT {
        19
    } else if rows <= LONG {
        9
    } else {
        3
    }
}

const SHORT: usize = 1 << 17;
const LONG: usize = 1 << 20;

/// Bytes of a page, and rows of one: long columns are unpacked page by page, in the processor's cache.
const PAGE: usize = 1 << 22;

/// Writes columns of equal length as one Parquet file; `metadata` goes into its footer.
pub fn write<W: Write + Send>(
    out: W,
    columns: Vec<(String, Values)>,
    metadata: Vec<(String, String)>,
) -> Result<(), ParquetError> {
    let fields = columns.iter().map(|(name, values)| Ok(Arc::new(field(name, values)?)));
    let fields = fields.collect::<Result<Vec<_>, ParquetError>>()?;
    let schema = Arc::new(Type::group_type_builder("zili").with_fields(fields).build()?);
    let metadata = metadata.into_iter().map(|(key, value)| KeyValue::new(key, value)).collect();
    let rows = columns.iter().map(|(_, values)| values.len()).max().unwrap_or_default();
    // Bytes of like significance side by side compress best: half the size of plain for flows in whole millions.
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(level(rows))?))
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_data_page_size_limit(PAGE)
        .set_data_page_row_count_limit(PAGE)
        .set_created_by("zili".to_owned())
        .set_key_value_metadata(Some(metadata));
    let properties = columns.iter().fold(properties, |properties, (name, values)| match values {
        Values::Text(_) => properties,
        _ => properties.set_column_encoding(name.as_str().into(), Encoding::BYTE_STREAM_SPLIT),
    });
    let mut writer = SerializedFileWriter::new(out, schema, Arc::new(properties.build()))?;
    let mut group = writer.next_row_group()?;
    for (_, values) in columns {
        write_column(&mut group, values)?;
    }
    group.close()?;
    writer.close()?;
    Ok(())
}

fn field(name: &str, values: &Values) -> Result<Type, ParquetError> {
    let (physical, repetition) = match values {
        Values::Decimal { .. } => (Physical::INT32, Repetition::REQUIRED),
        Values::Number(_) => (Physical::DOUBLE, Repetition::OPTIONAL),
        Values::Integer(_) => (Physical::INT64, Repetition::OPTIONAL),
        Values::Text(_) => (Physical::BYTE_ARRAY, Repetition::OPTIONAL),
    };
    let builder = Type::primitive_type_builder(name, physical).with_repetition(repetition);
    match values {
        Values::Text(_) => builder.with_converted_type(ConvertedType::UTF8).build(),
        Values::Decimal { decimals: decimals @ 1.., .. } => {
            let scale = i32::from(*decimals);
            builder.with_converted_type(ConvertedType::DECIMAL).with_precision(9).with_scale(scale).build()
        }
        _ => builder.build(),
    }
}

fn write_column<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: Values,
) -> Result<(), ParquetError> {
    let mut column = group.next_column()?.expect("one writer per field");
    match values {
        Values::Decimal { units, .. } => {
            column.typed::<Int32Type>().write_batch(&units, None, None)?;
        }
        Values::Number(values) => {
            let (present, levels) = split_missing(values);
            column.typed::<DoubleType>().write_batch(&present, Some(&levels), None)?;
        }
        Values::Integer(values) => {
            let (present, levels) = split_missing(values);
            column.typed::<Int64Type>().write_batch(&present, Some(&levels), None)?;
        }
        Values::Text(values) => {
            let (present, levels) = split_missing(values);
            let present: Vec<ByteArray> = present.iter().map(|text| text.as_str().into()).collect();
            column.typed::<ByteArrayType>().write_batch(&present, Some(&levels), None)?;
        }
    }
    column.close()
}

fn split_missing<T>(values: Vec<Option<T>>) -> (Vec<T>, Vec<i16>) {
    let levels = values.iter().map(|v| v.is_some() as i16).collect();
    (values.into_iter().flatten().collect(), levels)
}

/// A column that was read: its name and its numbers, missing as NaN.
pub struct NumberColumn {
    pub name: String,
    pub values: Vec<f64>,
}

/// Reads every column of a Parquet file as numbers; refuses text, nested and boolean columns by name.
pub fn read_numbers(data: Bytes) -> Result<Vec<NumberColumn>, ParquetError> {
    let mut columns: Vec<NumberColumn> = Vec::new();
    read_guarded(data, None, &mut |name, numbers| match columns.iter_mut().find(|column| column.name == name) {
        Some(column) => column.values.extend_from_slice(numbers),
        None => columns.push(NumberColumn { name: name.to_owned(), values: numbers.to_vec() }),
    })?;
    Ok(columns)
}

/// Reads one column of a Parquet file as numbers.
pub fn read_number_column(data: Bytes, name: &str) -> Result<Vec<f64>, ParquetError> {
    let mut values = Vec::new();
    let found = read_guarded(data, Some(name), &mut |_, numbers| values.extend_from_slice(numbers))?;
    if found == 0 { Err(ParquetError::General(format!("no column '{name}'"))) } else { Ok(values) }
}

/// Hands the numbers of one column on, chunk by chunk, so that they need not stand in memory twice.
pub fn stream_numbers(data: Bytes, name: &str, sink: &mut dyn FnMut(&[f64])) -> Result<(), ParquetError> {
    let found = read_guarded(data, Some(name), &mut |_, numbers| sink(numbers))?;
    if found == 0 { Err(ParquetError::General(format!("no column '{name}'"))) } else { Ok(()) }
}

/// What is read goes to a column's name with its numbers.
type Sink<'a> = &'a mut dyn FnMut(&str, &[f64]);

/// The library underneath panics on some damaged files; such a panic ends here, as an error. How many columns were read.
fn read_guarded(data: Bytes, only: Option<&str>, sink: Sink) -> Result<usize, ParquetError> {
    let damaged = |_| ParquetError::General("the file is damaged".to_owned());
    // What was handed on before a panic is thrown away with the error.
    let reading = std::panic::AssertUnwindSafe(|| read_all(data, only, sink));
    std::panic::catch_unwind(reading).unwrap_or_else(|panic| Err(damaged(panic)))
}

/// Every column lies inside the file.
fn within(metadata: &ParquetMetaData, size: usize) -> Result<(), ParquetError> {
    for group in metadata.row_groups() {
        for column in group.columns() {
            let start = column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset());
            let end = start.checked_add(column.compressed_size());
            let inside = start >= 0 && column.compressed_size() >= 0 && column.num_values() >= 0;
            if !inside || end.is_none_or(|end| end as u64 > size as u64) {
                let text = format!(
                    "column '{}' lies outside the file: it is damaged or cut short",
                    column.column_path().string()
                );
                return Err(ParquetError::General(text));
            }
        }
    }
    Ok(())
}

fn read_all(data: Bytes, only: Option<&str>, sink: Sink) -> Result<usize, ParquetError> {
    let size = data.len();
    let reader = SerializedFileReader::new(data)?;
    within(reader.metadata(), size)?;
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let named = schema.columns().iter().map(|c| c.path().string()).enumerate();
    let columns: Vec<(usize, String)> = named.filter(|(_, name)| only.is_none_or(|only| only == name)).collect();
    for g in 0..reader.num_row_groups() {
        let group = reader.get_row_group(g)?;
        let rows = group.metadata().num_rows();
        let rows = usize::try_from(rows).map_err(|_| ParquetError::General(format!("{rows} rows")))?;
        for (c, name) in &columns {
            let described = schema.column(*c);
            if described.max_rep_level() > 0 || described.max_def_level() > 1 {
                return Err(ParquetError::General(format!("column '{name}' is nested; give plain numbers")));
            }
            let optional = described.max_def_level() == 1;
            let scale = match described.converted_type() {
                ConvertedType::DECIMAL => Some(scale_of(described.type_scale(), name)?),
                _ => None,
            };
            let mut scaled = Vec::new();
            read_column(group.get_column_reader(*c)?, rows, optional, name, &mut |numbers| match scale {
                Some(scale) => {
                    scaled.clear();
                    scaled.extend(numbers.iter().map(|number| number / scale));
                    sink(name, &scaled);
                }
                None => sink(name, numbers),
            })?;
        }
    }
    Ok(columns.len())
}

/// What whole multiples of the last decimal are divided by; no writer of numbers gives more decimals than a number has digits.
fn scale_of(decimals: i32, column: &str) -> Result<f64, ParquetError> {
    let within = u8::try_from(decimals).ok().filter(|decimals| *decimals <= 18);
    within.map(scale).ok_or_else(|| ParquetError::General(format!("column '{column}' has {decimals} decimals")))
}

/// So many rows are read before they are handed on.
const CHUNK: usize = 1 << 16;

/// Hands a column's numbers on chunk by chunk, missing as NaN.
fn read_column(
    reader: ColumnReader,
    rows: usize,
    optional: bool,
    name: &str,
    sink: &mut dyn FnMut(&[f64]),
) -> Result<(), ParquetError> {
    macro_rules! read_as {
        ($reader:expr) => {{
            let mut reader = $reader;
            let (mut present, mut levels, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
            let mut read = 0;
            while read < rows {
                present.clear();
                levels.clear();
                numbers.clear();
                let levels_wanted = optional.then_some(&mut levels);
                let (records, _, _) =
                    reader.read_records((rows - read).min(CHUNK), levels_wanted, None, &mut present)?;
                if records == 0 {
                    return Err(ParquetError::EOF(format!("column '{name}' ends early")));
                }
                read += records;
                let mut present = present.iter().map(|v| *v as f64);
                if optional {
                    let next = |level: &i16| if *level == 1 { present.next().unwrap_or(f64::NAN) } else { f64::NAN };
                    numbers.extend(levels.iter().map(next));
                } else {
                    numbers.extend(present);
                }
                sink(&numbers);
            }
            Ok(())
        }};
    }
    match reader {
        ColumnReader::Int32ColumnReader(reader) => read_as!(reader),
        ColumnReader::Int64ColumnReader(reader) => read_as!(reader),
        ColumnReader::FloatColumnReader(reader) => read_as!(reader),
        ColumnReader::DoubleColumnReader(reader) => read_as!(reader),
        _ => Err(ParquetError::General(format!("column '{name}' does not hold numbers"))),
    }
}
